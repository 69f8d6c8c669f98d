import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, readFile, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { hostOf } from "../../contract/installation";
import { lockFolder, npmLockFiles } from "../../contract/lockFiles";
import { run } from "../run";
import { failed, timeoutMs } from "./failed";

/** Installs the program's packages, in the versions of its lock file. @throws DeliveryError with npm's last lines. */
export async function installPackages(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ["ci", "--omit=dev", "--no-audit", "--no-fund"];
  await unlinkModules(folder);
  try {
    await run("npm ci", "npm", args, { cwd: folder, env, timeoutMs });
  } catch (error) {
    throw failed("npm ci", "the npm registry", error);
  }
}

/** A source may have a link in its place: npm would delete what that leads to, which is somebody else's. */
export async function unlinkModules(folder: string): Promise<void> {
  for (const place of new Set([folder, topFolder(folder)])) {
    const modules = join(place, "node_modules");
    const found = await lstat(modules).catch(() => undefined);
    if (found?.isSymbolicLink()) await unlink(modules);
  }
}

/** The folder of the lock file; the program's own where there is none. */
export function topFolder(folder: string): string {
  return lockFolder(folder) ?? folder;
}

/** A lock file, or what npm notes of an installation: packages by their folders. */
export interface LockFile {
  readonly packages?: Readonly<
    Record<string, { readonly version?: string; readonly link?: boolean }>
  >;
}

export async function readLock(file: string): Promise<LockFile> {
  return JSON.parse(await readFile(file, "utf8")) as LockFile;
}

/** The lock file of a folder, a full path, whether it is there or not. */
export function lockFileOf(folder: string): string {
  const found = npmLockFiles.find((name) => existsSync(join(folder, name)));
  return join(folder, found ?? "package-lock.json");
}

/** Every `node_modules` that an installation has made, below the lock file's folder: those of a workspace's members, too. */
export async function modulesFolders(top: string): Promise<string[]> {
  const { packages = {} } = await readLock(lockFileOf(top));
  const folders = Object.keys(packages).flatMap((path) => {
    const [, before] = /^(.*?)node_modules\//.exec(path) ?? [];
    return before === undefined ? [] : [`${before}node_modules`];
  });
  return [...new Set(folders)].filter((path) => existsSync(join(top, path))).sort();
}

/** Bumped when the way in which installations are made changes in a manner that their inputs do not show. */
const recipe = 1;

const scripts = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare"];

/**
 * What the packages of a program follow from: equal keys, equal packages. Where the product's own `package.json` runs
 * scripts at an installation, these may read whatever the commit has: then they follow from the commit.
 * @param root of the repository, a full path.
 */
export async function packagesKey(
  folder: string,
  root: string,
  commit: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const npm = await run("npm --version", "npm", ["--version"], { cwd: folder, env, timeoutMs });
  const parts: string[] = [String(recipe), hostOf(), process.version, npm.trim()];
  parts.push(relative(root, folder).split(sep).join("/"));
  for (const place of upTo(folder, root)) {
    for (const name of ["package.json", ...npmLockFiles, ".npmrc"]) {
      const file = join(place, name);
      if (!existsSync(file)) continue;
      const content = await readFile(file, "utf8");
      parts.push(relative(root, file), content);
      if (name === "package.json" && runsScripts(content)) parts.push(commit);
    }
  }
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function runsScripts(packageJson: string): boolean {
  const { scripts: own = {} } = JSON.parse(packageJson) as {
    readonly scripts?: Readonly<Record<string, unknown>>;
  };
  return scripts.some((name) => Object.hasOwn(own, name));
}

/** The folder and all above it, up to the root of its repository. */
function upTo(folder: string, root: string): string[] {
  const places = [folder];
  for (let place = folder; place !== root && place !== dirname(place); place = dirname(place)) {
    places.push(dirname(place));
  }
  return places;
}
