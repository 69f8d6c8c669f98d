import { asJson } from "../../delivery/issues";
import { readStackFile, readTarget } from "../../delivery/target";
import { ConfigError, parseConfig } from "../../stacks/config";
import { namespace } from "../../stacks/config/document";
import type { EngineConfig } from "../../stacks/config/engineYaml";
import { isHidden } from "../../stacks/config/given";
import { formatPath, valueAt, type Path } from "../../stacks/config/path";
import { maskedValue } from "./settings";

/** The config of a stack, without secrets. */
export interface StackConfig {
  readonly stack: string;
  /** Whether it is what the file says alone; else defaults are filled in. */
  readonly written: boolean;
  /** By full key, as `gantry:services`. What is encrypted or looks like a secret is three stars. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What `gantry:` is after defaults, and all else as it is written. @throws as `readTarget`. */
export async function effectiveConfig(folder: string, stack: string): Promise<StackConfig> {
  const { values } = await readStackFile(folder, stack);
  const { config, region } = await readTarget(folder, stack);
  const sections = Object.entries(config).filter(([key]) => key !== "stack" && key !== "region");
  const others = Object.entries(values).filter(([key]) => !key.startsWith(`${namespace}:`));
  return {
    ...{ stack, written: false },
    config: {
      "aws:region": region,
      ...masked(Object.fromEntries(others.map(([key, text]) => [key, valueOf(key, text)]))),
      ...masked(Object.fromEntries(sections.map(([key, value]) => [`${namespace}:${key}`, value]))),
    },
  };
}

/** What the file says, also where it has faults. @throws as `readStackFile`. */
export async function writtenConfig(folder: string, stack: string): Promise<StackConfig> {
  const file = await readStackFile(folder, stack);
  return { stack, written: true, config: writtenIn(stack, file).shown };
}

/** What a stack's file says: as it stands there, and as it may be shown. */
export function writtenIn(
  stack: string,
  { project, values, secretKeys, rewritten }: EngineConfig & { readonly project: string },
): Record<"config" | "shown", Readonly<Record<string, unknown>>> {
  const config = Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, valueOf(key, text)]),
  );
  const root = ownOf(config);
  const faulty = faultyPaths(() => parseConfig({ project, stack, values, secretKeys, rewritten }));
  // Under a key that is none, or that should name a secret, may stand the secret itself.
  const isWrong = (path: Path) => {
    if (!faulty.has(formatPath(path))) return false;
    const value = valueAt(root, path);
    const isWhole = typeof value === "object" && value !== null;
    return isWhole ? path.length > 2 : isHidden(path);
  };
  return { config, shown: masked(config, isWrong) };
}

function faultyPaths(parse: () => unknown): ReadonlySet<string> {
  try {
    parse();
    return new Set();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return new Set(error.faults.map(({ path }) => path));
  }
}

/** What stands below `gantry:` in a stack's file, by its keys there. */
export function ownOf(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(`${namespace}:`) ? [[key.slice(namespace.length + 1), value]] : [],
    ),
  );
}

/** As the program reads it: a name may be of digits, and what is no JSON is a text. */
export function valueOf(key: string, text: string): unknown {
  if (text === "") return null;
  const read = key === `${namespace}:name` ? undefined : asJson(text);
  return read === undefined ? text : read;
}

function masked(
  config: Readonly<Record<string, unknown>>,
  isWrong?: (path: Path) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const isOwn = key.startsWith(`${namespace}:`);
      const path = [isOwn ? key.slice(namespace.length + 1) : key];
      return [key, maskedValue(value, path, isOwn ? isWrong : undefined)];
    }),
  );
}
