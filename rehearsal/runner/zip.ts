import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, readdirSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { unzipSync, zipSync, type AsyncZippable, type Zippable } from "fflate";

const unixOrigin = 3;
const linkMode = 0o120000;
const fileMode = 0o100000;
const typeMask = 0o170000;
/** What the zip format can tell at the earliest; a fixed time makes equal files equal archives. */
const fixedTime = new Date(1980, 0, 2);

/**
 * A zip of the named files, which are relative to the folder. Executable bits and links are kept.
 * @param flat whether the files lose their folders. Default: they keep them.
 */
export function zipFiles(folder: string, files: readonly string[], flat = false): Uint8Array {
  const content: Zippable = {};
  for (const file of [...files].sort()) {
    const path = join(folder, file);
    const stat = lstatSync(path);
    const link = stat.isSymbolicLink();
    const mode = link ? linkMode | 0o777 : fileMode | (stat.mode & 0o777);
    content[flat ? basename(file) : file.split(sep).join("/")] = [
      link ? Buffer.from(readlinkSync(path)) : readFileSync(path),
      { os: unixOrigin, attrs: mode << 16, mtime: fixedTime, level: 6 },
    ] satisfies AsyncZippable[string];
  }
  return zipSync(content);
}

/**
 * Extracts a zip.
 * @throws Error for an entry that would land outside of the folder.
 */
export function extractZip(archive: Uint8Array, folder: string): void {
  const modes = unixModes(archive);
  for (const [name, content] of Object.entries(unzipSync(archive))) {
    const path = resolve(folder, name);
    if (path !== resolve(folder) && !path.startsWith(resolve(folder) + sep)) {
      throw new Error(`the archive has an entry outside of its folder: ${name}`);
    }
    if (name.endsWith("/")) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    const mode = modes.get(name) ?? 0;
    if ((mode & typeMask) === linkMode) {
      symlinkSync(Buffer.from(content).toString(), path);
    } else {
      writeFileSync(path, content);
      if (mode & 0o777) chmodSync(path, mode & 0o777);
    }
  }
}

/** The permissions of each entry, which fflate does not hand out: they are in the archive's central directory. */
function unixModes(archive: Uint8Array): ReadonlyMap<string, number> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const modes = new Map<string, number>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) return modes;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    );
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    if (bytes[at + 5] === unixOrigin) modes.set(name, bytes.readUInt32LE(at + 38) >>> 16);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return modes;
}

/** Every file below a folder, links included, relative to it and sorted. Linked folders are not entered. */
export function filesBelow(folder: string, below = ""): string[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    })
    .sort();
}
