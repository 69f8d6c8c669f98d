import { readdirSync } from "node:fs";
import { posix } from "node:path";
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
