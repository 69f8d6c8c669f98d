import { stringify } from "yaml";
import { isRecord } from "../../contract/record";
import { defaultFolder } from "./build";
import type { Finding } from "./issues";
import { secretInVariable } from "./secretValues";

/** Keys that others have taken the place of, with the line to write instead. */
export function renamedKeys(root: Readonly<Record<string, unknown>>): Finding[] {
  return [...movedNotify(root), ...replacedByBuild(root)];
}

/** Who is told is the environment's, and not the pipeline's alone. */
function movedNotify({ pipeline, notify }: Readonly<Record<string, unknown>>): Finding[] {
  if (!isRecord(pipeline) || !Object.hasOwn(pipeline, "notify")) return [];
  const emails: unknown = pipeline.notify;
  const line = `gantry:notify: ${stringify({ emails }, flow).trim()}`;
  const canMove = notify === undefined && Array.isArray(emails) && emails.every(isText);
  return [
    {
      path: ["pipeline", "notify"],
      given: "a key that has moved",
      allowed: "gantry:notify: { emails: [...] }",
      fix: canMove
        ? `remove it, and write ${line}`
        : "remove it, and name who is told under gantry:notify",
    },
  ];
}

function isText(given: unknown): given is string {
  return typeof given === "string";
}

const flow = { collectionStyle: "flow", lineWidth: 0 } as const;

function replacedByBuild({ services }: Readonly<Record<string, unknown>>): Finding[] {
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
  return stringify({ build }, flow)
    .trim()
    .replace(/^\{ (.*) \}$/, "$1");
}

/** What may be a secret is never repeated. */
function shown([name, value]: readonly [string, unknown]): [string, unknown] {
  const isSecret = secretInVariable(name, String(value)) !== undefined;
  return [name, isSecret || typeof value === "object" ? "..." : value];
}
