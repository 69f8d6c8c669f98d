import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A team's git repository, in a folder that `remove` takes away. */
export interface Repository {
  readonly root: string;
  lay(path: string, content: string): void;
  git(...args: readonly string[]): string;
  /** What is in a folder of it, by path from there. */
  files(folder: string): Record<string, string>;
  remove(): void;
}

export function aRepository(name = "shop"): Repository {
  const above = realpathSync(mkdtempSync(join(tmpdir(), "gantry-init-")));
  const root = join(above, name);
  mkdirSync(root);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
  git("init", "--quiet", "--initial-branch=main");
  return {
    root,
    git,
    lay: (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    files: (folder) =>
      Object.fromEntries(
        readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes(`${root}/.git/`))
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [path.slice(join(root, folder).length + 1), readFileSync(path, "utf8")]),
      ),
    remove: () => rmSync(above, { recursive: true, force: true }),
  };
}
