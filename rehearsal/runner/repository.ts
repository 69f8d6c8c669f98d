import { copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync } from "node:fs";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A git repository whose branch a pipeline follows. */
export interface SourceRepository {
  readonly folder: string;
  readonly branch: string;
}

export interface Commit {
  readonly id: string;
  readonly message: string;
  /** ISO, with the author's offset. */
  readonly authorDate: string;
}

/** Who the commits of a rehearsal are by: nobody. */
const author = { name: "Acme Developer", email: "dev@example.com" };

const branch = "main";

/**
 * Makes a repository of its own from what is in a checkout now, committed or not, without what git ignores.
 * @param folder where; what is there is deleted.
 * @param replaced files with another content than the checkout's, by path.
 * @param options.product what its one commit is called after. Default: the shop.
 * @param options.without files that it has not. Default: none.
 * @throws Error where there is no git on this machine.
 */
export async function copyRepository(
  checkout: string,
  folder: string,
  replaced: Readonly<Record<string, string>> = {},
  { product = "the shop", without = [] }: { product?: string; without?: readonly string[] } = {},
): Promise<SourceRepository> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await git(folder, "init", "--quiet", `--initial-branch=${branch}`);
  for (const file of await filesOf(checkout, folder)) {
    if (without.includes(file)) continue;
    copyEntry(join(checkout, file), join(folder, file));
  }
  const repository = { folder, branch };
  await commit(repository, `feat: ${product}`, replaced);
  return repository;
}

/** What git would take of a checkout. One without a repository, unpacked from an archive, borrows that of `folder`. */
async function filesOf(checkout: string, folder: string): Promise<Set<string>> {
  const borrowed = existsSync(join(checkout, ".git"))
    ? []
    : [`--git-dir=${join(folder, ".git")}`, "--work-tree=."];
  // `node_modules/` in .gitignore passes over a folder, and not over a link to one.
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--exclude=node_modules"];
  const files = await git(checkout, ...borrowed, ...list, "-z");
  return new Set(files.split("\0").filter(Boolean));
}

/**
 * Commits files.
 * @param files new contents, by path.
 */
export async function commit(
  { folder }: SourceRepository,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<Commit> {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  // Forced: what is given is meant, even where the project's own .gitignore passes over it.
  const given = Object.keys(files);
  if (given.length > 0) await git(folder, "add", "--force", "--", ...given);
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", message);
  return headOf({ folder, branch });
}

/** A commit. @param revision default: the newest of the branch. */
export async function headOf(
  { folder, branch: own }: SourceRepository,
  revision?: string,
): Promise<Commit> {
  const name = revision ?? own;
  const text = await git(folder, "log", "-1", "--format=%H%x00%aI%x00%B", name, "--");
  const [id, authorDate, message] = text.split("\0");
  return { id, authorDate, message: message.trimEnd() };
}

/** The files that a commit changes; of the first one all. */
export async function changedFiles({ folder }: SourceRepository, id: string): Promise<string[]> {
  const args = ["diff-tree", "--no-commit-id", "--name-only", "-r", "--root", "-z", id];
  return (await git(folder, ...args)).split("\0").filter(Boolean);
}

/** A commit as CODE_ZIP has it: `export-subst` and `export-ignore` of .gitattributes apply. */
export async function archive({ folder }: SourceRepository, id: string): Promise<Uint8Array> {
  const { stdout } = await execute("git", gitArgs(folder, ["archive", "--format=zip", id]), {
    encoding: "buffer",
    env: gitEnvironment(),
    maxBuffer: 512 * 1024 * 1024,
  });
  return stdout;
}

const execute = promisify(execFile);

async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execute("git", gitArgs(folder, args), {
      env: gitEnvironment(),
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      "git is not installed, and the rehearsal's source is a git repository: install git",
    );
  }
}

function gitArgs(folder: string, args: readonly string[]): string[] {
  return ["-C", folder, "-c", "commit.gpgsign=false", ...args];
}

/** Nothing of the person's: neither who they are, nor hooks, nor the repository that a hook of theirs may run us in. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    // A checkout may belong to somebody else, as in a container of CI.
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
  };
}

function copyEntry(from: string, to: string): void {
  // Deleted, but not yet from git's index.
  if (!lstatSync(from, { throwIfNoEntry: false })) return;
  mkdirSync(dirname(to), { recursive: true });
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (existsSync(from) && lstatSync(from).isFile()) copyFileSync(from, to);
}
