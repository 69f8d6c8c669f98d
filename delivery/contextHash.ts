import { createHash, type Hash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { DeliveryError } from "./errors";
import { parseIgnoreFile, type IgnoreFile } from "./images/ignoreFile";

/** What an image is built from. */
export interface BuildInputs {
  /** The folder that the Dockerfile copies from. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly architecture: string;
}

/** Changes when what is hashed changes, so that hashes of before are not taken for equal. */
const version = "gantry-context-1";

/**
 * 16 hexadecimal digits that are the same exactly for equal inputs: names, bytes and executability of the files that can
 * get into the image, build arguments, architecture. Times and owners of files do not count.
 * @throws DeliveryError where the context cannot be read.
 */
export async function contextHash(inputs: BuildInputs): Promise<string> {
  const root = await folderOf(inputs.context);
  const hash = createHash("sha256");
  field(hash, version);
  field(hash, inputs.architecture);
  const args = Object.entries(inputs.buildArgs).sort(byName);
  field(hash, String(args.length));
  for (const [name, value] of args) {
    field(hash, name);
    field(hash, value);
  }
  await hashFolder(hash, root, "", await ignoreFileOf(root));
  return hash.digest("hex").slice(0, 16);
}

/** The tag of an image by what it was built from. */
export function contentTag(hash: string): string {
  return `src-${hash}`;
}

export const contentTagPattern = /^src-[0-9a-f]{16}$/;

async function folderOf(context: string): Promise<string> {
  try {
    const root = await realpath(context);
    if ((await lstat(root)).isDirectory()) return root;
  } catch {
    // Said below.
  }
  throw new DeliveryError(
    `there is no folder ${context}: correct the service's path in its config`,
  );
}

/** Which some builders read in place of `.dockerignore`, and others do not know. */
const otherIgnoreFiles = [
  ...["Dockerfile.dockerignore", "Dockerfile.containerignore", ".containerignore"],
] as const;

/** What is certain to stay out of the image, whichever builder makes it. */
async function ignoreFileOf(root: string): Promise<IgnoreFile> {
  const path = join(root, ".dockerignore");
  const readsOther = otherIgnoreFiles.some((name) => existsSync(join(root, name)));
  return parseIgnoreFile(!readsOther && existsSync(path) ? await readFile(path, "utf8") : "");
}

/** These two decide how the image is built, whether or not they are copied into it. */
const alwaysHashed: ReadonlySet<string> = new Set(["Dockerfile", ".dockerignore"]);

async function hashFolder(
  hash: Hash,
  root: string,
  folder: string,
  ignored: IgnoreFile,
): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const names = entries.map(({ name }) => name).sort(compare);
  for (const name of names) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const file = join(root, path);
    const stats = await lstat(file);
    const excluded = ignored.excludes(path) && !alwaysHashed.has(path);
    if (stats.isDirectory()) {
      if (!excluded) field(hash, `folder ${path}`);
      if (!excluded || ignored.mayIncludeBelow(path)) await hashFolder(hash, root, path, ignored);
    } else if (excluded) {
      continue;
    } else if (stats.isSymbolicLink()) {
      field(hash, `link ${path}`);
      field(hash, await readlink(file));
    } else if (stats.isFile()) {
      field(hash, `${(stats.mode & 0o100) === 0 ? "file" : "program"} ${path}`);
      field(hash, await fileHash(file));
    }
  }
}

async function fileHash(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
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
