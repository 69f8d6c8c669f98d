/** Names that tell what people see first. */
const front = /^(web|site|website|www|frontend|front|ui|app|client|shop|home)$/;

/**
 * Which paths lead to which of several web services: one gets all that no other has, and each of the others what begins
 * with its name. Requests arrive with their whole path.
 * @returns paths by service; the one that gets the rest has none, which is what config makes of no route.
 */
export function routesOf(webServices: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const rest = webServices.find((name) => front.test(name)) ?? webServices[0];
  return new Map(
    webServices
      .filter((name) => name !== rest)
      .map((name) => [name, [`/${name}`, `/${name}/*`]] as const),
  );
}
