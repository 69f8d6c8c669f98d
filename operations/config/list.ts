import { basename } from "node:path";
import { DeliveryError } from "../../delivery/errors";
import { readStackFile } from "../../delivery/target";
import { isRecord } from "../../contract/record";
import { kinds, type Kind } from "../../stacks/config/defaults";
import { namespace } from "../../stacks/config/document";
import { nearest } from "../../stacks/config/nearest";
import { formatPath, parsePath, shortPath, startsWith, type Path } from "../../stacks/config/path";
import { linesOf, type Lines } from "./lines";
import { effectiveConfig, ownOf, valueOf } from "./read";
import { settingsOf } from "./settings";

/** What `gantry config ls --json` answers, beside its `version`. */
export interface ListedConfig {
  readonly stack: string;
  readonly settings: readonly ListedSetting[];
}

export interface ListedSetting {
  /** As `gantry:services.web.cpu`. A list is one setting, and so is an empty object. */
  readonly key: string;
  /** What is encrypted or looks like a secret is three stars. */
  readonly value: unknown;
  /** `file`: it stands there, or what it comes of; `default`: nobody wrote it. */
  readonly from: "file" | "default";
  /** Where it stands. With `file`. */
  readonly file?: string;
  /** From 1. With `file`. */
  readonly line?: number;
  /** Whose default it is: of a kind of stack, of the stack's name (`kind`) or of the project's (`name`). With `default`. */
  readonly of?: Kind | "stack" | "project";
}

/**
 * Each setting of a stack with where it comes from.
 * @param prefix of their keys, with or without `gantry:`. Default: all.
 * @throws DeliveryError where no setting begins so, and as `readTarget`.
 */
export async function listConfig(
  folder: string,
  stack: string,
  prefix?: string,
): Promise<ListedConfig> {
  const { file, text, values } = await readStackFile(folder, stack);
  const effective = ownOf((await effectiveConfig(folder, stack)).config);
  const written = ownOf(
    Object.fromEntries(Object.entries(values).map(([key, one]) => [key, valueOf(key, one)])),
  );
  const kind = kinds.find((one) => one === effective.kind) ?? "production";
  const lines = linesOf(text);
  const all = settingsOf(effective);
  const meant = prefix === undefined ? [] : parsePath(prefix);
  const settings = all
    .filter(({ path }) => startsWith(path, meant))
    .map(({ path, value }): ListedSetting => {
      const origin = isWritten(written, path)
        ? { from: "file" as const, file: basename(file), line: lineOf(lines, path) }
        : { from: "default" as const, of: defaultOf(path, kind) };
      return { key: formatPath(path), value, ...origin };
    });
  if (settings.length === 0)
    throw noSuchKey(
      stack,
      meant,
      all.map(({ path }) => path),
    );
  return { stack, settings };
}

/** Also what a shorter form stands for: `build: app`, `alarms: true`. */
function isWritten(root: unknown, path: Path): boolean {
  let value = root;
  for (const part of path) {
    if (!isRecord(value)) return value !== null;
    if (!Object.hasOwn(value, part)) return false;
    value = value[String(part)];
  }
  return true;
}

function lineOf(lines: Lines, [top, ...rest]: Path): number | undefined {
  return lines.of([`${namespace}:${top}`, ...rest]);
}

function defaultOf(path: Path, kind: Kind): Kind | "stack" | "project" {
  const named = { kind: "stack", name: "project" } as const;
  const key = shortPath(path);
  return key in named ? named[key as keyof typeof named] : kind;
}

function noSuchKey(stack: string, prefix: Path, paths: readonly Path[]): DeliveryError {
  let depth = 0;
  while (paths.some((path) => startsWith(path, prefix.slice(0, depth + 1)))) depth++;
  const above = prefix.slice(0, depth);
  const beside = paths.filter((path) => startsWith(path, above)).map((path) => String(path[depth]));
  const meant = nearest(String(prefix[depth]), new Set(beside));
  const fix =
    meant === undefined
      ? `gantry config ls${depth === 0 ? "" : ` ${shortPath(above)}`} lists what there is`
      : `is ${shortPath([...above, meant])} meant?`;
  return new DeliveryError(
    `${stack} has no setting ${shortPath(prefix)}, written or by default: ${fix}`,
  );
}
