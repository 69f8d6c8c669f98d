import { posix } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../contract/record";
import { interpolate } from "../../importers/compose/interpolate";
import { Unresolved } from "../../importers/rules";
import { words } from "../../importers/values";
import { expand, tcpPort } from "./dockerfile";

/** A service of a compose file that is built. */
export interface ComposeService {
  /** The compose file, from the repository's root. */
  readonly file: string;
  readonly name: string;
  /** From the repository's root. */
  readonly context: string;
  /** From the context. */
  readonly dockerfile: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** The container's port of the first that is published or exposed. */
  readonly port?: number;
  /** Words of its own command; undefined where it has none. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Keys of these two whose words come of a shell. */
  readonly unread: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Its services that run what is built from this repository; those of ready-made images are others'.
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
  const builds = buildsOf(document.services);
  return Object.entries(document.services).flatMap(([name, service]) => {
    const given = builds.get(name);
    if (!isRecord(service)) return [];
    const build: Fields = typeof given === "string" ? { context: given } : asFields(given);
    const context = textOf(build.context) ?? ".";
    // Another repository, by its address.
    const place = posix.join(posix.dirname(file), context);
    if (given === undefined || /^[a-z+]+:|^git@/i.test(context) || isOutside(place)) return [];
    const target = textOf(build.target);
    const port = portOf(service);
    const own = ["entrypoint", "command"]
      .filter((key) => service[key] !== undefined && service[key] !== null)
      .map((key) => [key, commandOf(service[key])] as const);
    return [
      {
        ...{ file, name, context: place.replace(/(?<=.)\/$/, "") },
        dockerfile: textOf(build.dockerfile) ?? "Dockerfile",
        args: argsOf(build.args),
        ...(target === undefined ? {} : { target }),
        ...(port === undefined ? {} : { port }),
        ...Object.fromEntries(own.filter(([, read]) => read !== undefined)),
        unread: own.filter(([, read]) => read === undefined).map(([key]) => key),
      },
    ];
  });
}

/** What each is built of. One that names the image that another one builds runs the same. */
function buildsOf(services: Fields): ReadonlyMap<string, unknown> {
  const all = Object.entries(services).map(([name, given]) => [name, asFields(given)] as const);
  const ofImage = new Map(
    all.flatMap(([, { image, build }]) =>
      typeof image === "string" && build ? [[image, build] as const] : [],
    ),
  );
  return new Map(
    all.map(([name, { image, build }]) => [name, build ?? ofImage.get(textOf(image) ?? "")]),
  );
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

/** Undefined where its words come of a shell. */
function commandOf(given: unknown): readonly string[] | undefined {
  try {
    if (Array.isArray(given)) return words(given.map((word) => interpolate(String(word))));
    return words(interpolate(String(given)));
  } catch (error) {
    if (error instanceof Unresolved) return undefined;
    throw error;
  }
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
