import { posix } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../contract/record";
import { interpolate } from "../../importers/compose/interpolate";
import { Unresolved } from "../../importers/rules";
import { words } from "../../importers/values";
import { secretsInWords } from "../../stacks/config/secretValues";
import type { LeftOut } from "./candidates";
import { addressIn, expand, tcpPort } from "./dockerfile";

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
  /** The path that its `healthcheck` asks by HTTP. */
  readonly healthPath?: string;
  /** Words of its own command; undefined where it has none. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Keys of these two that cannot be written, and why. */
  readonly unread: readonly { readonly key: string; readonly why: string }[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Composed {
  readonly services: readonly ComposeService[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Its services that run what is built from this repository; those of ready-made images are others'.
 * @param file its path from the repository's root.
 */
export function composeServices(text: string, file: string): Composed {
  const none = (reason: string) => ({ services: [], leftOut: [{ path: file, reason }] });
  let document: unknown;
  try {
    document = parse(text, { merge: true });
  } catch {
    return none("no YAML that can be read");
  }
  if (!isRecord(document) || !isRecord(document.services)) return none("it has no services");
  const builds = buildsOf(document.services);
  const read = Object.entries(document.services).map(([name, service]) =>
    serviceOf(file, name, asFields(service), builds.get(name)),
  );
  return {
    services: read.filter((each) => "context" in each),
    leftOut: read.filter((each) => "reason" in each),
  };
}

function serviceOf(
  file: string,
  name: string,
  service: Fields,
  given: unknown,
): ComposeService | LeftOut {
  const no = (reason: string) => ({ path: `${name} of ${file}`, reason });
  if (!given) return no(service.image ? "its image is built elsewhere" : "it has no build");
  if (service.profiles !== undefined) return no("it runs with a profile only");
  const build: Fields = typeof given === "string" ? { context: given } : asFields(given);
  if (build.dockerfile_inline !== undefined) return no("its Dockerfile is text in that file");
  try {
    const context = interpolate(textOf(build.context) ?? ".");
    const place = posix.join(posix.dirname(file), context);
    if (/^[a-z+]+:|^git@/i.test(context) || isOutside(place)) {
      return no("it is built of another repository");
    }
    const target = textOf(build.target);
    return {
      ...{ file, name, context: place.replace(/(?<=.)\/$/, "") },
      dockerfile: interpolate(textOf(build.dockerfile) ?? "Dockerfile"),
      args: argsOf(build.args),
      ...(target === undefined ? {} : { target: interpolate(target) }),
      ...runOf(service),
    };
  } catch (error) {
    if (error instanceof Unresolved) return no(error.message);
    throw error;
  }
}

/** What it runs, listens on, and is asked. */
function runOf(
  service: Fields,
): Pick<ComposeService, "port" | "healthPath" | "command" | "entrypoint" | "unread"> {
  const port = portOf(service);
  const asked = addressIn([asFields(service.healthcheck).test].flat().join(" "));
  const own = ["entrypoint", "command"]
    .filter((key) => service[key] !== undefined && service[key] !== null)
    .map((key) => ({ key, ...commandOf(service[key]) }));
  return {
    ...(port === undefined ? {} : { port }),
    ...(asked === undefined ? {} : { healthPath: asked.path }),
    ...Object.fromEntries(own.flatMap(({ key, words }) => (words ? [[key, words]] : []))),
    unread: own.flatMap(({ key, why }) => (why === undefined ? [] : [{ key, why }])),
  };
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
    pairs.flatMap(([name, value]) => {
      const known = value === undefined ? undefined : knownText(value);
      return name === undefined || known === undefined ? [] : [[name, known]];
    }),
  );
}

/** Undefined where it comes of a shell. */
function knownText(text: string): string | undefined {
  try {
    return interpolate(text);
  } catch (error) {
    if (error instanceof Unresolved) return undefined;
    throw error;
  }
}

/** The words of a command, or why they cannot be written. */
function commandOf(given: unknown): { words?: readonly string[]; why?: string } {
  const known = (Array.isArray(given) ? given : [given]).map((one) => knownText(String(one)));
  const whole = known.filter((one) => one !== undefined);
  const read =
    whole.length < known.length ? undefined : words(Array.isArray(given) ? whole : whole[0]);
  if (read === undefined) return { why: "has variables of a shell" };
  const isSecret = secretsInWords(read).some((kind) => kind !== undefined);
  return isSecret ? { why: "has what looks like a secret" } : { words: read };
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
