import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../../contract/record";
import { asJson } from "../../delivery/issues";
import { readIfThere } from "../config/replace";
import type { ConfigPlace } from "./place";

/** What was last pulled or pushed here: what is newer in the bucket nobody here has seen. */
export interface Remembered {
  readonly bucket: string;
  readonly key: string;
  /** The newest version then. */
  readonly version: string;
  /** SHA-256 of the file as it was put here, or was pushed. */
  readonly sha256: string;
}

export function sha256Of(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Of this place; undefined where nothing of it is remembered, or nobody can read that. */
export function remembered({ bucket, key, ...place }: ConfigPlace): Remembered | undefined {
  const found = asJson(readIfThere(fileOf(place))?.toString() ?? "");
  if (!isRecord(found) || found.bucket !== bucket || found.key !== key) return undefined;
  const { version, sha256 } = found;
  if (typeof version !== "string" || typeof sha256 !== "string") return undefined;
  return { bucket, key, version, sha256 };
}

export function remember(place: ConfigPlace, version: string, content: Buffer): void {
  const { bucket, key } = place;
  const file = fileOf(place);
  mkdirSync(dirname(file), { recursive: true });
  const what: Remembered = { bucket, key, version, sha256: sha256Of(content) };
  writeFileSync(file, `${JSON.stringify(what, undefined, 2)}\n`);
}

/** In the folder of what is this machine's, and in no repository. */
function fileOf({ folder, stack }: Pick<ConfigPlace, "folder" | "stack">): string {
  return join(folder, ".gantry", "config", `${stack}.json`);
}
