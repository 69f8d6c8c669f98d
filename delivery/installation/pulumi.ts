import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { DeliveryError } from "../errors";
import { run, tryRun } from "../run";
import { failed, timeoutMs } from "./failed";
import { lockFileOf, readLock } from "./packages";

const installer = "https://get.pulumi.com";

/** Where Pulumi keeps its plugins, and its installer the CLI. */
export function pulumiHome(env: NodeJS.ProcessEnv): string {
  return env.PULUMI_HOME || join(env.HOME || homedir(), ".pulumi");
}

/** Lets the CLI of a home folder be found, by Pulumi's SDK too; it asks nobody whether there is a newer one. */
export function usePulumi(env: NodeJS.ProcessEnv, home = pulumiHome(env)): void {
  env.PATH = [join(home, "bin"), env.PATH].join(delimiter);
  // By itself the CLI takes the home folder that the system knows, which HOME need not be.
  env.PULUMI_HOME = home;
  env.PULUMI_SKIP_UPDATE_CHECK = "true";
}

/** The version of the CLI on the PATH; undefined where there is none. */
export async function installedPulumi(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, stdout } = await tryRun("pulumi", ["version"], { env, timeoutMs });
  return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

/**
 * Gets Pulumi's CLI in the version of the program's SDK, unless there is one on the PATH.
 * @throws DeliveryError where it cannot be had.
 */
export async function installPulumi(
  folder: string,
  packages: Promise<unknown>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if ((await installedPulumi(env)) !== undefined) return;
  await installVersion(await sdkVersion(folder, packages), env);
}

/**
 * Gets Pulumi's CLI in a version.
 * @throws DeliveryError where it cannot be had.
 */
export async function installVersion(version: string, env: NodeJS.ProcessEnv): Promise<void> {
  const what = `the installation of Pulumi ${version}`;
  try {
    // Whole, before any of it is run.
    const script = await run(what, "curl", ["-fsSL", "--retry", "3", installer], {
      env,
      timeoutMs,
    });
    await run(what, "sh", ["-s", "--", "--version", version, "--no-edit-path"], {
      ...{ env, timeoutMs },
      input: script,
    });
  } catch (error) {
    throw failed(what, "Pulumi's download site", error);
  }
  usePulumi(env, join(env.HOME || homedir(), ".pulumi"));
}

/**
 * The version of the program's SDK, which its CLI must have.
 * @param packages are awaited where they say it, and not the lock file.
 * @throws DeliveryError where neither does.
 */
export async function sdkVersion(folder: string, packages: Promise<unknown>): Promise<string> {
  const file = lockFileOf(folder);
  const name = "@pulumi/pulumi";
  if (existsSync(file)) {
    const version = (await readLock(file)).packages?.[`node_modules/${name}`]?.version;
    if (version !== undefined) return version;
  }
  // A workspace has its lock file further up.
  await packages;
  try {
    const found = createRequire(file)(`${name}/package.json`) as { readonly version: string };
    return found.version;
  } catch {
    throw new DeliveryError(
      `the program in ${folder} has no ${name}, whose version Pulumi's CLI must have: name it under dependencies of its package.json`,
    );
  }
}
