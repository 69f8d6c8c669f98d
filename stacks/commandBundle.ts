import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** The folder of Gantry itself: of the package, or of a checkout. By its name: compiled files lie deeper than sources. */
export const gantryFolder = dirname(createRequire(__filename).resolve("gantry/package.json"));

/** Folders of a checkout whose files the bundle is made of. */
const sourceFolders = [
  "cli",
  "components",
  "contract",
  "delivery",
  "importers",
  "operations",
  "stacks",
];

/** Bundling takes seconds; a machine that is short of memory must not hold an update up for ever. */
const timeoutMs = 300_000;

/**
 * The `gantry` command as one file, for the actions of a pipeline. A package has it. In a checkout of Gantry itself it is made
 * where it is missing or older than the sources: the same bytes wherever that is.
 * @param folder of Gantry. Default: the one that runs.
 * @returns its path.
 * @throws pulumi.RunError where it cannot be made.
 */
export function commandBundle(folder = gantryFolder): string {
  const file = join(folder, "dist/bundle/gantry.js");
  const script = join(folder, "cli/makeBundle.js");
  const isCheckout = existsSync(join(folder, "cli/run.ts"));
  if (isCheckout ? isNewer(file, newest(folder)) : existsSync(file)) return file;
  if (!isCheckout) {
    throw new pulumi.RunError(
      `${file} is missing: the package is not whole. Install it again: npm ci in the folder of the program`,
    );
  }
  const made = spawnSync(process.execPath, [script, folder, file], {
    encoding: "utf8",
    timeout: timeoutMs,
  });
  if (made.status === 0) return file;
  const reason = made.stderr?.trim() || made.error?.message || `it ended by ${made.signal}`;
  throw new pulumi.RunError(
    `the gantry command cannot be bundled for the pipeline's actions: ${reason}\nRun npm ci in ${folder}, and try again.`,
  );
}

function isNewer(file: string, sourcesMs: number): boolean {
  return existsSync(file) && statSync(file).mtimeMs > sourcesMs;
}

/** When the newest of what a bundle is made of was written. */
function newest(folder: string): number {
  const sources = sourceFolders.flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(?:[jt]s|json)$/.test(file))
      .map((file) => join(part, file)),
  );
  return Math.max(
    ...[...sources, "package.json", "package-lock.json"].map((file) =>
      // The lock file says which packages go in.
      existsSync(join(folder, file)) ? statSync(join(folder, file)).mtimeMs : 0,
    ),
  );
}
