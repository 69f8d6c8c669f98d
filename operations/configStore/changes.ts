import { parse } from "yaml";
import { cutText } from "../../contract/plainText";
import { isRecord } from "../../contract/record";
import { table } from "../../delivery/text";
import { readEngineConfig } from "../../stacks/config/engineYaml";
import { shortPath, valueAt, type Path } from "../../stacks/config/path";
import { writtenIn } from "../config/read";
import { mask, settingsOf } from "../config/settings";
import type { ConfigPlace } from "./place";

const longestValue = 60;

/** A setting: what it is, and what people may see of it. */
interface Shown {
  readonly raw: string;
  readonly text: string;
}

/**
 * How two files of a stack differ, for people: what is encrypted or looks like a secret is three stars.
 * @returns lines; that nothing but comments differs is one.
 */
export function changesText(
  place: Pick<ConfigPlace, "stack" | "project">,
  inBucket: Buffer,
  here: Buffer,
): string[] {
  let files: readonly Map<string, Shown>[];
  try {
    files = [inBucket, here].map((content) => settingsIn(place, content.toString()));
  } catch {
    return ["one of the two is no YAML, so that their settings cannot be compared"];
  }
  const [a, b] = files;
  const rows = [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => {
    const [inA, inB] = [a.get(key), b.get(key)];
    if (inA?.raw === inB?.raw) return [];
    const isHidden = inA !== undefined && inA.text === inB?.text;
    return [[key, inA?.text ?? "-", isHidden ? `${inA.text} (another)` : (inB?.text ?? "-")]];
  });
  if (rows.length === 0) return ["only comments, order or layout differ"];
  return table(["SETTING", "IN THE BUCKET", "HERE"], rows).split("\n");
}

function settingsIn(
  { stack, project }: Pick<ConfigPlace, "stack" | "project">,
  text: string,
): Map<string, Shown> {
  const { config, shown } = writtenIn(stack, { project, ...readEngineConfig(text) });
  const found = new Map<string, Shown>();
  for (const { path, value } of settingsOf(shown)) {
    const raw = JSON.stringify(valueAt(config, path));
    found.set(nameOf(path), { raw, text: value === mask ? mask : shortened(value) });
  }
  // What opens the stack's secrets, beside config.
  const file: unknown = parse(text) ?? {};
  for (const [key, value] of Object.entries(isRecord(file) ? file : {})) {
    if (key !== "config") found.set(key, { raw: JSON.stringify(value), text: mask });
  }
  return found;
}

/** `aws:region`, `gantry:services.web.cpu`. */
function nameOf([key, ...rest]: Path): string {
  return `${String(key)}${shortPath(["", ...rest])}`;
}

function shortened(value: unknown): string {
  return cutText(JSON.stringify(value) ?? "", longestValue);
}
