import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { releaseFiles, releaseFolder } from "../contract/artifacts";
import type { Release } from "../contract/manifest";
import { git } from "./git";
import type { ReleaseEvidence } from "./releaseEvidence";

/** What a promoted release consists of. */
export interface BundleContents {
  /** The repository's source at the release's commit. */
  readonly folder: string;
  readonly release: Release;
  readonly evidence: ReleaseEvidence;
}

/**
 * Made by delivery itself, or of this machine: at no depth is it part of a commit. Whatever else is in an archive of the
 * source is: some commit what they built (`dist`), and their integration tests may need it.
 */
const leftOut: ReadonlySet<string> = new Set([
  ...[".git", ".gantry", ".pulumi", releaseFolder],
  ...["node_modules", "__pycache__", ".venv"],
  ...[".env", ".DS_Store"],
]);

/**
 * The bundle of a release, as a ZIP file: the repository's source, `.release/release.json`, `.release/evidence.json`, and
 * the commit in `COMMIT`. Equal contents make equal bytes.
 */
export async function makeBundle({ folder, release, evidence }: BundleContents): Promise<Buffer> {
  const entries: Zippable = {};
  for (const path of await sourceFiles(folder)) {
    const file = join(folder, path);
    const stats = await lstat(file);
    if (stats.isSymbolicLink()) {
      entries[path] = [Buffer.from(await readlink(file)), unixMode(0o120777)];
    } else if (stats.isFile()) {
      const mode = (stats.mode & 0o100) === 0 ? 0o100644 : 0o100755;
      entries[path] = [await readFile(file), unixMode(mode)];
    }
  }
  const text = (content: string) => [Buffer.from(content), unixMode(0o100644)] as const;
  const json = (content: unknown) => text(`${JSON.stringify(content, undefined, 2)}\n`);
  return Buffer.from(
    zipSync(
      {
        ...entries,
        COMMIT: [...text(`${release.commit}\n`)],
        [`${releaseFolder}/${releaseFiles.release}`]: [...json(release)],
        [`${releaseFolder}/${releaseFiles.evidence}`]: [...json(evidence)],
      },
      { level: 6, mtime: earliest },
    ),
  );
}

/** The earliest time that a ZIP file knows, in whatever zone this machine is. */
export const earliest = new Date(1980, 0, 1);

/** So that `unzip` restores links and what may be executed. */
function unixMode(mode: number) {
  return { os: 3, attrs: mode * 0x10000 };
}

/** What git has of the source; where there is no git, every file that is not made from others. Sorted. */
async function sourceFiles(folder: string): Promise<string[]> {
  const listed = await git(folder, ["ls-files", "-z", "--cached"]);
  const tracked = listed?.split("\0").filter((path) => path !== "") ?? [];
  const files = tracked.length > 0 ? await existing(folder, tracked) : await walk(folder, "");
  return files.sort((a, b) => (a < b ? -1 : 1));
}

async function existing(folder: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      lstat(join(folder, path)).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}

async function walk(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const below = entries
    .filter(({ name }) => !leftOut.has(name))
    .map(async (entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? walk(root, path) : [path];
    });
  return (await Promise.all(below)).flat();
}
