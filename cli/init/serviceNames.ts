import { posix } from "node:path";
import { plain, plainName } from "../../stacks/config/environment";

/** Folders that are called after what they hold, and not after a service. */
const general = /^(\.|docker|\.docker|containers?|build|deploy(ment)?|infra|src|app|images?)$/i;

/** What a service is called by the place of its Dockerfile: `api` of `services/api/Dockerfile` and of `api.Dockerfile`. */
export function nameByPlace(dockerfile: string): string {
  const [, before, after] =
    /^(?:(.+)\.)?(?:Dockerfile|Containerfile)(?:\.(.+))?$/i.exec(posix.basename(dockerfile)) ?? [];
  const folders = posix.dirname(dockerfile).split("/").reverse();
  const folder = folders.find((name) => !general.test(name));
  return validName(before ?? after ?? folder ?? "web");
}

/** The nearest that config takes; `web` where nothing of it is left. */
export function validName(given: string): string {
  const name = plain(given);
  return plainName.test(name) ? name : "web";
}

/** The same names, each once: one that is taken gets the name of the folder above, else a number. */
export function eachOnce<T extends { readonly name: string; readonly dockerfile: string }>(
  services: readonly T[],
): T[] {
  const taken = new Set<string>();
  return services.map((service) => {
    const { name, dockerfile } = service;
    const above = posix.basename(posix.dirname(posix.dirname(dockerfile)));
    const others = [name, `${validName(above)}-${name}`, ...numbers.map((n) => `${name}-${n}`)];
    const free = others.find((one) => !taken.has(one)) ?? name;
    taken.add(free);
    return { ...service, name: free };
  });
}

const numbers = Array.from({ length: 98 }, (_, index) => index + 2);
