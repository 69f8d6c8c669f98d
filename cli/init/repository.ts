import { basename } from "node:path";
import { git } from "../../delivery/git";

/** Where a team's commits come from. */
export interface Origin {
  /** `gantry:pipeline.source` of it, without the connection; undefined where no pipeline can follow it. */
  readonly source?: { readonly type: "github" | "codecommit"; readonly repository: string };
  /** Whether commits are somewhere that no pipeline follows. */
  readonly isElsewhere?: boolean;
  /** The branch that is delivered. */
  readonly branch: string;
  /** What the repository is called. */
  readonly name: string;
}

/** @param root of the repository, a full path. */
export async function originOf(root: string): Promise<Origin> {
  const [remote] = ((await git(root, ["remote"])) ?? "").split("\n").sort(byOrigin);
  const url = remote ? ((await git(root, ["remote", "get-url", remote])) ?? "").trim() : "";
  const source = sourceOf(url);
  const name = /([^/:]+?)(?:\.git)?\/?$/.exec(url)?.[1] ?? basename(root);
  const place = source ? { source } : url === "" ? {} : { isElsewhere: true };
  return { ...place, branch: await branchOf(root, remote), name };
}

function byOrigin(a: string, b: string): number {
  return Number(b === "origin") - Number(a === "origin");
}

/** The remote's own main branch, else one that is called so, else the one that is checked out. */
async function branchOf(root: string, remote: string | undefined): Promise<string> {
  const head = ["symbolic-ref", "--quiet", "--short", `refs/remotes/${remote}/HEAD`];
  const told = remote ? (await git(root, head))?.trim().slice(remote.length + 1) : undefined;
  const list = ["for-each-ref", "--format=%(refname:lstrip=-1)", "refs/heads", "refs/remotes"];
  const branches = ((await git(root, list)) ?? "").split("\n");
  const main = ["main", "master"].find((name) => branches.includes(name));
  const current = (await git(root, ["branch", "--show-current"]))?.trim();
  return told || main || current || "main";
}

/** Addresses as git takes them, of GitHub and of CodeCommit. */
export function sourceOf(url: string): Origin["source"] {
  const github =
    /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/;
  const [, repository] = github.exec(url) ?? [];
  if (repository) return { type: "github", repository };
  const codecommit =
    /^(?:(?:https|ssh):\/\/(?:[^@/]+@)?git-codecommit[^/]*\/v1\/repos\/|codecommit:(?::[a-z0-9-]+:)?\/\/(?:[^@/]+@)?)([\w.-]+)\/?$/;
  const [, name] = codecommit.exec(url) ?? [];
  return name ? { type: "codecommit", repository: name } : undefined;
}

/**
 * Files that git ignores, of some.
 * @param files full paths.
 */
export async function ignoredFiles(root: string, files: readonly string[]): Promise<string[]> {
  if (files.length === 0) return [];
  const answer = await git(root, ["check-ignore", "--", ...files]);
  return (answer ?? "").split("\n").filter(Boolean);
}
