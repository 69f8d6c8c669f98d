import { stringify } from "yaml";
import { isRecord } from "../../contract/record";
import { defaultFolder } from "./build";
import type { Finding } from "./issues";
import { secretInVariable } from "./secretValues";

/** Keys of a service that `build` has taken the place of, with the line to write instead. */
export function renamedKeys({ services }: Readonly<Record<string, unknown>>): Finding[] {
  if (!isRecord(services)) return [];
  return Object.entries(services).flatMap(([name, service]) => {
    if (!isRecord(service)) return [];
    const old = ["path", "buildArgs"].filter((key) => Object.hasOwn(service, key));
    return old.map((key) => ({
      path: ["services", name, key],
      given: "a key that is no more",
      allowed: "build: a folder, or { context, dockerfile, target, args }",
      fix: Object.hasOwn(service, "build")
        ? `remove ${key}: what is built is said by build`
        : `write ${newLine(name, service)}, in place of ${old.join(" and ")}`,
    }));
  });
}

function newLine(name: string, { path, buildArgs }: Readonly<Record<string, unknown>>): string {
  const context = typeof path === "string" ? path : defaultFolder(name);
  const args = isRecord(buildArgs) ? Object.entries(buildArgs).map(shown) : [];
  const build = args.length === 0 ? context : { context, args: Object.fromEntries(args) };
  return stringify({ build }, { collectionStyle: "flow", lineWidth: 0 })
    .trim()
    .replace(/^\{ (.*) \}$/, "$1");
}

/** What may be a secret is never repeated. */
function shown([name, value]: readonly [string, unknown]): [string, unknown] {
  const isSecret = secretInVariable(name, String(value)) !== undefined;
  return [name, isSecret || typeof value === "object" ? "..." : value];
}
