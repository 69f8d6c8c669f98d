import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { version } from "@pulumi/pulumi/version";
import { variables } from "../contract/variables";
import { DeliveryError } from "./errors";
import { fetchPackages, fetchPulumi, sizeOf, type Kept } from "./installation/kept";
import { installPackages } from "./installation/packages";
import { installedPulumi, installPulumi, installVersion } from "./installation/pulumi";

/**
 * What a command that runs Pulumi finds on no host of CodeBuild's: the packages of the program, in the versions of its own
 * lock file, and Pulumi's CLI in that of its SDK. The release has kept both; a builder image of your own has them. They
 * are got while the command asks its first questions.
 */
export interface Installation {
  /** Begins, where it has not. What fails is told by {@link done}. */
  begin(): void;
  /** @throws DeliveryError naming what could not be had. */
  done(): Promise<void>;
}

export interface InstallationOptions {
  /** Of the program: where Pulumi.yaml is. */
  readonly folder: string;
  /** Default: npm and Pulumi's download site are asked. */
  readonly kept?: Kept;
  readonly tell: (line: string) => void;
  /** Default: this process's, which then finds Pulumi. */
  readonly env?: NodeJS.ProcessEnv;
}

export function installationOf(options: InstallationOptions): Installation {
  return once(() => install(options));
}

/**
 * Pulumi's CLI alone, for what runs no program: in the version that this command was made with. The plugins that a state needs
 * the CLI gets by itself.
 * @param env default: this process's, which then finds Pulumi.
 */
export function pulumiAlone(
  tell: InstallationOptions["tell"],
  env: NodeJS.ProcessEnv = process.env,
): Installation {
  return once(async () => {
    if ((await installedPulumi(env)) === undefined) await installVersion(version, env);
    tell("Pulumi is there");
  });
}

function once(install: () => Promise<void>): Installation {
  let begun: Promise<void> | undefined;
  const begin = () => {
    begun ??= install();
    // Whoever waits for it hears of it.
    begun.catch(() => undefined);
    return begun;
  };
  return { begin: () => void begin(), done: begin };
}

async function install({ folder, kept, tell, env = process.env }: InstallationOptions) {
  const baked = env[variables.nodeModules];
  const own = baked ? undefined : kept;
  const packages = baked
    ? link(folder, baked)
    : keptOr(
        own && fetchPackages(own),
        () => installPackages(folder, env),
        "the npm registry",
        tell,
      );
  const pulumi = keptOr(
    own && fetchPulumi(own, env),
    () => installPulumi(folder, packages, env),
    "Pulumi's download site",
    tell,
  );
  const all = await Promise.all([packages, pulumi]);
  const from =
    own && all.every(Boolean) ? `, as the release has kept them (${sizeOf(own.installation)})` : "";
  tell(`the program's packages and Pulumi are there${from}`);
}

/**
 * What a release has kept may be gone, and its deployment shall not fail for that.
 * @returns whether it was there.
 */
async function keptOr(
  kept: Promise<void> | undefined,
  install: () => Promise<void>,
  who: string,
  tell: InstallationOptions["tell"],
): Promise<boolean> {
  try {
    await kept;
    if (kept) return true;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    tell(`${error.message}. It is got from ${who} instead; the next release keeps it anew`);
  }
  await install();
  return false;
}

async function link(folder: string, baked: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await rm(modules, { recursive: true, force: true });
  await symlink(baked, modules);
}
