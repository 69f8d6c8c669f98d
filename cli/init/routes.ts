import { metPriorities } from "../../stacks/config/priorities";

/** Names that tell what people see first. */
const front = /^(web|site|website|www|frontend|front|ui|app|client|shop|home)$/;

/** What leads to a service; its priority only where that of its paths is another service's. */
export interface FoundRoute {
  readonly paths: readonly string[];
  readonly priority?: number;
}

/**
 * What leads to which of several web services: one gets all that no other has, and each of the others what begins with its
 * name. Requests arrive with their whole path.
 * @returns routes by service; the one that gets the rest has none, which is what config makes of no route.
 */
export function routesOf(webServices: readonly string[]): ReadonlyMap<string, FoundRoute> {
  const rest = webServices.find((name) => front.test(name)) ?? webServices[0];
  const pathsOf = (name: string) => (name === rest ? ["/*"] : [`/${name}`, `/${name}/*`]);
  // Production shifts requests by default, and staging does not.
  const met = metPriorities(
    webServices.map((name) => [name, { paths: pathsOf(name), hosts: [], shifts: "inOne" }]),
  );
  return new Map(
    webServices
      .filter((name) => name !== rest)
      .map((name) => {
        const priority = met.get(name)?.free;
        return [name, { paths: pathsOf(name), ...(priority === undefined ? {} : { priority }) }];
      }),
  );
}
