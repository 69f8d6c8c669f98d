import { posix } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../contract/record";
import { expand, tcpPort } from "./dockerfile";

/** A service of a compose file that is built. */
export interface ComposeService {
  readonly name: string;
  /** From the repository's root. */
  readonly context: string;
  /** From the context. */
  readonly dockerfile: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** The container's port of the first that is published or exposed. */
  readonly port?: number;
  /** Words of its own command, where they are plain. */
  readonly command?: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Its services that are built from this repository; those of ready-made images are others'.
 * @param file its path from the repository's root.
 * @returns undefined where it is no compose file that can be read.
 */
export function composeServices(text: string, file: string): ComposeService[] | undefined {
  let document: unknown;
  try {
    document = parse(text, { merge: true });
  } catch {
    return undefined;
  }
  if (!isRecord(document) || !isRecord(document.services)) return undefined;
  return Object.entries(document.services).flatMap(([name, service]) => {
    if (!isRecord(service)) return [];
    const given = service.build;
    const build: Fields = typeof given === "string" ? { context: given } : asFields(given);
    const context = textOf(build.context) ?? ".";
    // Another repository, by its address.
    const place = posix.join(posix.dirname(file), context);
    if (given === undefined || /^[a-z+]+:|^git@/i.test(context) || isOutside(place)) return [];
    const target = textOf(build.target);
    const port = portOf(service);
    const command = commandOf(service.command);
    return [
      {
        ...{ name, context: place.replace(/(?<=.)\/$/, "") },
        dockerfile: textOf(build.dockerfile) ?? "Dockerfile",
        args: argsOf(build.args),
        ...(target === undefined ? {} : { target }),
        ...(port === undefined ? {} : { port }),
        ...(command === undefined ? {} : { command }),
      },
    ];
  });
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../");
}

function portOf({ ports, expose }: Fields): number | undefined {
  const published = asList(ports).flatMap((one) => {
    if (isRecord(one)) return tcpPort(String(one.target)) ?? [];
    // `127.0.0.1:8080:80/tcp`: the container's is the last.
    return tcpPort(expand(String(one), {}).replace(/^.*:/, "")) ?? [];
  });
  return published[0] ?? asList(expose).flatMap((one) => tcpPort(String(one)) ?? [])[0];
}

/** Those with a value: the others come from the shell of whoever builds. */
function argsOf(given: unknown): Record<string, string> {
  const pairs = Array.isArray(given)
    ? given.map((one) => /^([^=]+)=(.*)$/s.exec(String(one)) ?? []).map(([, ...pair]) => pair)
    : Object.entries(asFields(given)).map(([key, value]) => [key, textOf(value)]);
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string] => {
      const [name, value] = pair;
      return name !== undefined && value !== undefined && !value.includes("$");
    }),
  );
}

function commandOf(given: unknown): readonly string[] | undefined {
  if (Array.isArray(given) && given.length > 0) return given.map(String);
  if (typeof given !== "string" || !/^[\w./:=@,+-]+( [\w./:=@,+-]+)*$/.test(given))
    return undefined;
  return given.split(" ");
}

function textOf(value: unknown): string | undefined {
  const isText = ["string", "number", "boolean"].includes(typeof value);
  return isText ? String(value) : undefined;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asFields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
