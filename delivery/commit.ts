import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { variables } from "../contract/variables";
import { DeliveryError } from "./errors";
import { git } from "./git";

/** A commit of the program. */
export interface Commit {
  /** 40 hexadecimal digits. */
  readonly id: string;
  /** Where it was found, for messages. */
  readonly origin: typeof variables.commit | "COMMIT" | "git";
}

/** What git says about a commit. */
export interface CommitDetails {
  readonly subject: string;
  readonly author: string;
  /** ISO, in UTC. */
  readonly committedAt: string;
}

const fullCommit = /^[0-9a-f]{40}$/;

/**
 * The commit that the folder is of: what `GANTRY_COMMIT` says, else the file `COMMIT` where `git archive` has filled it
 * in, else the one that git has checked out.
 * @throws DeliveryError where none of them knows, or GANTRY_COMMIT is no full commit.
 */
export async function findCommit(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Commit> {
  const given = env[variables.commit]?.trim();
  if (given) {
    if (fullCommit.test(given)) return { id: given, origin: variables.commit };
    throw new DeliveryError(
      `${variables.commit} is ${JSON.stringify(given)}; set it to a full commit, 40 hexadecimal digits, or unset it`,
    );
  }
  const archived = await readOptional(join(folder, "COMMIT"));
  if (fullCommit.test(archived)) return { id: archived, origin: "COMMIT" };
  const asked = await git(folder, ["rev-parse", "--verify", "HEAD"]);
  const head = asked?.trim() ?? "";
  if (fullCommit.test(head)) return { id: head, origin: "git" };
  throw new DeliveryError(
    `nobody knows which commit ${folder} is of: ${variables.commit} is not set, the file COMMIT is not filled in ` +
      "(git archive does that), and it is no git repository with a commit. Set one of them.",
  );
}

/**
 * Refuses a work tree of git that differs from its commit at `paths` or below: what is built from it would not be the
 * commit's. Where the commit is known otherwise, nothing is asked.
 * @param matters which files make a difference, by their paths from the folder.
 */
export async function requireUnchanged(
  folder: string,
  paths: readonly string[],
  { origin, id }: Commit,
  matters: (path: string) => boolean,
): Promise<void> {
  if (origin !== "git") return;
  // Each with its two letters before its path; a renamed file would have two paths.
  const options = ["--porcelain", "-z", "--untracked-files=all", "--no-renames"];
  const status = await git(folder, ["status", ...options, "--", ...paths]);
  const changes = status?.split("\0").filter((line) => line !== "" && matters(line.slice(3)));
  if (!changes?.length) return;
  throw new DeliveryError(
    `${paths[0]} differs from commit ${id.slice(0, 8)}; its image would bear the name of something else. ` +
      "Commit the changes, or put them aside (git stash):",
    changes.slice(0, 10),
  );
}

/** What git says about a commit; undefined where there is no repository that has it. */
export async function commitDetails(
  folder: string,
  commit: string,
): Promise<CommitDetails | undefined> {
  const text = await git(folder, ["log", "-1", "--format=%ct%n%an%n%s", commit, "--"]);
  const [seconds, author, subject] = text?.split("\n") ?? [];
  if (!seconds || author === undefined || subject === undefined) return undefined;
  return { subject, author, committedAt: new Date(Number(seconds) * 1000).toISOString() };
}

async function readOptional(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return "";
  }
}
