import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative, sep } from "node:path";
import {
  hostOf,
  installationSchema,
  type Installation,
  type InstallationPart,
} from "../../contract/installation";
import { DeliveryError, messageOf } from "../errors";
import { pack } from "./archive";
import { sizeOf } from "./kept";
import { installPackages, topFolder, modulesFolders, packagesKey } from "./packages";
import { fileOf, installPlugins, pluginsOf } from "./plugins";
import { installedPulumi, installPulumi, pulumiHome, sdkVersion } from "./pulumi";
import type { InstallationStore } from "./store";

export interface KeepOptions {
  /** Of the program: where Pulumi.yaml is. A full path. */
  readonly folder: string;
  /** Of its repository. */
  readonly root: string;
  /** The full commit. */
  readonly commit: string;
  readonly store: InstallationStore;
  readonly progress: (line: string) => void;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Keeps what the actions of a release need to run Pulumi: the program's packages, and Pulumi's CLI with its plugins. What
 * earlier releases have kept is taken over where it follows from the same, and then nobody is asked but S3.
 * @throws DeliveryError where it must be made and cannot: a release without it might not be rolled back.
 */
export async function keepInstallation(options: KeepOptions): Promise<Installation> {
  const { folder, root, commit, store, progress, env = process.env } = options;
  const key = await packagesKey(folder, root, commit, env);
  const known = installationSchema.safeParse(await store.find(key)).data;
  if (known && (await store.has(known.packages)) && (await store.has(known.pulumi))) {
    progress(`the program's packages and Pulumi are kept already (${sizeOf(known)})`);
    return known;
  }
  const work = await mkdtemp(join(tmpdir(), "gantry-keep-"));
  try {
    const { whole, ...kept } = await make(options, work);
    if (whole) await store.note(key, kept);
    progress(`the program's packages and Pulumi are kept in ${store.url} (${sizeOf(kept)})`);
    return kept;
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw new DeliveryError(
      `what later actions need to run Pulumi cannot be kept in ${store.url}; no release is made. Run the action again; ` +
        "rights and bucket are made by pulumi up",
      [messageOf(error)],
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Whether it has all that is needed: what has not is made anew for the next release. */
interface Made {
  readonly whole: boolean;
}

async function make(options: KeepOptions, work: string): Promise<Installation & Made> {
  const { folder, root, store, env = process.env } = options;
  await installPackages(folder, env);
  const top = topFolder(folder);
  const file = join(work, "packages.tar.gz");
  await pack(top, await modulesFolders(top), file);
  const packages = await store.put(file);
  const at = relative(root, top).split(sep).join("/");
  const { whole, ...pulumi } = await keepPulumi(options, top, work);
  return { host: hostOf(), packages: { ...packages, folder: at }, pulumi, whole };
}

/** Changes less often than packages, and is larger. */
async function keepPulumi(
  { folder, store, progress, env = process.env }: KeepOptions,
  top: string,
  work: string,
): Promise<InstallationPart & Made> {
  const plugins = await pluginsOf(top);
  const packages = Promise.resolve();
  const version = (await installedPulumi(env)) ?? (await sdkVersion(folder, packages));
  const key = createHash("sha256")
    .update(JSON.stringify([hostOf(), version, plugins]))
    .digest("hex");
  const known = installationSchema.shape.pulumi.safeParse(await store.find(key)).data;
  if (known && (await store.has(known))) return { ...known, whole: true };
  await installPulumi(folder, packages, env);
  const whole = await installPlugins(plugins, env, progress);
  const laidOut = join(work, "pulumi");
  await layOut(laidOut, plugins.map(fileOf), env);
  const file = join(work, "pulumi.tar.gz");
  await pack(laidOut, ["."], file, { follow: true });
  const part = await store.put(file);
  if (whole) await store.note(key, part);
  return { ...part, whole };
}

/** Of the CLI's programs: itself, and what a program in Node needs. It comes with hosts of five other languages. */
const programs = /^pulumi(-language-nodejs.*|-resource-pulumi-nodejs|-analyzer-policy)?$/;

/** Links to what is installed, as a PULUMI_HOME has it. */
async function layOut(
  folder: string,
  plugins: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const cli = (env.PATH ?? "")
    .split(delimiter)
    .map((place) => join(place, "pulumi"))
    .find((path) => existsSync(path));
  if (cli === undefined) throw new Error("pulumi is not on the PATH");
  const bin = dirname(await realpath(cli));
  await mkdir(join(folder, "bin"), { recursive: true });
  await mkdir(join(folder, "plugins"));
  for (const name of (await readdir(bin)).filter((one) => programs.test(one))) {
    await symlink(join(bin, name), join(folder, "bin", name));
  }
  for (const name of plugins) {
    const place = join(pulumiHome(env), "plugins", name);
    if (existsSync(place)) await symlink(place, join(folder, "plugins", name));
  }
}
