import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { git } from "../../delivery/git";

/** Folders whose Dockerfiles are others' or no service's. */
const foreign =
  /(^|\/)(node_modules|bower_components|vendor|third[_-]party|\.git|\.devcontainer|\.github|dist|target|\.venv|venv|site-packages|cdk\.out|\.terraform|\.next|\.gantry)(\/|$)/;

/**
 * The files of a repository, from its root, in the order of their paths: what git has or would take, without what others
 * have written.
 */
export async function sourceFiles(root: string): Promise<string[]> {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const known = await git(root, list);
  const files = known === undefined ? walk(root) : known.split("\0").filter(Boolean);
  return [...new Set(files)].filter((file) => !foreign.test(file)).sort();
}

function walk(root: string, folder = "."): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (foreign.test(path)) return [];
    return entry.isDirectory() ? walk(root, path) : entry.isFile() ? [path] : [];
  });
}

/**
 * Those of some files that can be read: git also has what is deleted, and links that lead nowhere. Of a file and links to it
 * the file alone.
 */
export function readableFiles(root: string, files: readonly string[]): string[] {
  const there = files.filter((file) => {
    const path = join(root, file);
    return existsSync(path) && statSync(path).isFile();
  });
  const top = realpathSync(root);
  return there.filter((file) => {
    const meant = relative(top, realpathSync(join(root, file)))
      .split("\\")
      .join("/");
    return meant === file || !there.includes(meant);
  });
}
