import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * The folder that a Dockerfile copies from: its own, or the nearest above it that has everything that it copies, as the
 * root of a repository whose services share packages.
 * @param root of the repository, a full path.
 * @param dockerfile its path from the root.
 * @param copied what it copies, as it says.
 * @returns from the root; `.` is the root itself.
 */
export function buildContext(root: string, dockerfile: string, copied: readonly string[]): string {
  const own = posix.dirname(dockerfile);
  if (copied.length === 0) return own;
  // What a pattern stands for cannot be told from where it is not.
  const firm = copied.map((path) => path.replace(/^\.?\//, "").replace(/(^|\/)[^/]*[*?[].*$/, ""));
  const wanted = firm.filter((path) => path !== "" && path !== ".");
  for (const folder of upwards(own)) {
    if (folder !== "." && holdsDockerfilesAlone(join(root, folder))) continue;
    if (wanted.every((path) => existsSync(join(root, folder, path)))) return folder;
  }
  return own;
}

function upwards(folder: string): string[] {
  return folder === "." ? ["."] : [folder, ...upwards(posix.dirname(folder))];
}

/** As `docker/` of a repository, whose Dockerfiles say `COPY . .` and mean the root. */
function holdsDockerfilesAlone(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).every((entry) =>
    entry.isDirectory()
      ? holdsDockerfilesAlone(join(folder, entry.name))
      : /dockerfile|containerfile|dockerignore/i.test(entry.name),
  );
}
