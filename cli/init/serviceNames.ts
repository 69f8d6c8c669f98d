import { posix } from "node:path";
import { plain, plainName } from "../../stacks/config/environment";

/** Folders that are called after what they hold, and not after a service. */
const general = /^(\.|docker|\.docker|containers?|build|deploy(ment)?|infra|src|app|images?)$/i;

/** Words of Dockerfiles' names that say which build of a service it is, and not which service. */
const variant =
  /^(prod|production|release|staging|stage|alpine|debian|ubuntu|slim|amd64|arm64|x86|windows|linux|gpu|cuda|cpu)$/i;

/** What a Dockerfile's own name says: `api` of `api.Dockerfile` and of `Dockerfile.api.prod`, nothing of `Dockerfile.prod`. */
export function wordsOfName(dockerfile: string): { service: string; variants: string[] } {
  const [, before = "", after = ""] =
    /^(?:(.+)[._-])?(?:Dockerfile|Containerfile)(?:[._-](.+))?$/i.exec(
      posix.basename(dockerfile),
    ) ?? [];
  const words = `${before}.${after}`.split(/[._-]/).filter(Boolean);
  return {
    service: words.filter((word) => !variant.test(word)).join("-"),
    variants: words.filter((word) => variant.test(word)),
  };
}

/** What a service is called by the place of its Dockerfile: `api` of `services/api/Dockerfile` and of `api.Dockerfile`. */
export function nameByPlace(dockerfile: string): string {
  const folders = posix.dirname(dockerfile).split("/").reverse();
  const folder = folders.find((name) => !general.test(name));
  return validName(wordsOfName(dockerfile).service || (folder ?? "web"));
}

/** The nearest that config takes; `web` where nothing of it is left. */
export function validName(given: string): string {
  // An accent is no reason to lose its letter.
  const name = plain(given.normalize("NFD").replace(/\p{M}/gu, ""));
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
    const byFolder = above === "." || above === "" ? [] : [`${validName(above)}-${name}`];
    const others = [name, ...byFolder, ...numbers.map((n) => `${name}-${n}`)];
    const free = others.find((one) => !taken.has(one)) ?? name;
    taken.add(free);
    return { ...service, name: free };
  });
}

const numbers = Array.from({ length: 98 }, (_, index) => index + 2);
