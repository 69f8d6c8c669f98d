import { createHash, type Hash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { contextRules, ignoreFilesOf, type BuildPlace } from "./contextRules";
import type { IgnoreFile } from "./ignoreFile";

/** What an image is built from. */
export interface BuildInputs extends BuildPlace {
  /** The stage that is built. Absent: the last one. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Secrets that are mounted, by id: where each is kept. Absent: none. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly architecture: "X86_64" | "ARM64";
}

/** What config names is not there: the message is for the person who wrote it. */
export class ContextError extends Error {
  override readonly name = "ContextError";
}

/** Changes when what is hashed changes, so that hashes of before are not taken for equal. */
const version = "gantry-context-2";

/**
 * 16 hexadecimal digits that are the same exactly for equal inputs: names, bytes and executability of the files that can
 * get into the image, the Dockerfile, its stage, ignore files, build arguments, ids of secrets, architecture. Times and owners of
 * files do not count, nor do the values of secrets, which are no part of an image, nor where they are kept. What git ignores counts where the builder would copy it, for it gets into the image; the context's own `.git`
 * does not, which differs in each clone of a commit.
 * @throws ContextError where context or Dockerfile cannot be read.
 */
export function contextHash(inputs: BuildInputs): string {
  const root = folderOf(inputs.context);
  const hash = createHash("sha256");
  field(hash, version);
  field(hash, inputs.architecture);
  field(hash, inputs.target ?? "");
  field(hash, relative(inputs.context, inputs.dockerfile).split(sep).join("/"));
  field(hash, dockerfileOf(inputs.dockerfile));
  const { docker, containers } = ignoreFilesOf(inputs);
  // Also what they mean where a pattern is not certain, which hides no file from this hash.
  for (const file of [docker, containers]) {
    field(hash, file === undefined ? "" : readFileSync(file, "utf8"));
  }
  const args = Object.entries(inputs.buildArgs).sort(byName);
  field(hash, String(args.length));
  for (const [name, value] of args) {
    field(hash, name);
    field(hash, value);
  }
  const ids = Object.keys(inputs.secrets ?? {}).sort(compare);
  // Where there are none, hashes stay what they were before there could be.
  for (const id of ids) field(hash, `secret ${id}`);
  hashFolder(hash, root, "", contextRules(inputs));
  return hash.digest("hex").slice(0, 16);
}

/** The tag of an image by what it was built from. */
export function contentTag(hash: string): string {
  return `src-${hash}`;
}

export const contentTagPattern = /^src-[0-9a-f]{16}$/;

function folderOf(context: string): string {
  try {
    const root = realpathSync(context);
    if (lstatSync(root).isDirectory()) return root;
  } catch {
    // Said below.
  }
  throw new ContextError(
    `there is no folder ${context}: correct the service's build in its config`,
  );
}

function dockerfileOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ContextError(
      code === "ENOENT"
        ? `there is no ${path} to build: write one, or correct the service's build in its config`
        : `${path} cannot be read: ${message}`,
    );
  }
}

/** Without promises: for 37,000 small files with one each it took four times as long. */
function hashFolder(hash: Hash, root: string, folder: string, rules: IgnoreFile): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => compare(a.name, b.name));
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (path === ".git") continue;
    const excluded = rules.excludes(path);
    if (entry.isDirectory()) {
      if (!excluded) field(hash, `folder ${path}`);
      if (!excluded || rules.mayIncludeBelow(path)) hashFolder(hash, root, path, rules);
    } else if (excluded) {
      continue;
    } else if (entry.isSymbolicLink()) {
      field(hash, `link ${path}`);
      field(hash, readlinkSync(join(root, path)));
    } else if (entry.isFile()) {
      const { isProgram, digest } = fileHash(join(root, path));
      field(hash, `${isProgram ? "program" : "file"} ${path}`);
      field(hash, digest);
    }
  }
}

/** One file is read at a time, in parts of this size at most. */
const buffer = Buffer.allocUnsafe(1024 * 1024);

function fileHash(path: string): { isProgram: boolean; digest: string } {
  const file = openSync(path, "r");
  try {
    const hash = createHash("sha256");
    for (let length; (length = readSync(file, buffer)) > 0;) {
      hash.update(buffer.subarray(0, length));
    }
    return { isProgram: (fstatSync(file).mode & 0o100) !== 0, digest: hash.digest("hex") };
  } finally {
    closeSync(file);
  }
}

/** With its length in front, so that no two lists of fields make the same bytes. */
function field(hash: Hash, text: string): void {
  hash.update(`${Buffer.byteLength(text)}:`).update(text);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return compare(a, b);
}

/** By code units: the order of a locale differs between machines. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
