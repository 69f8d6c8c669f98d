import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { cacheFolder } from "./cache";
import { pluginFolder } from "./parts";
import type { Log } from "../progress";
import { run } from "./run";
import { compareVersions } from "./versions";

/** Update plans and per-resource targets together, which deploying uses, are tried with this line and newer. */
export const oldestCli = "3.200.0";

export interface InstalledCli {
  readonly pulumi: string;
  readonly version: string;
  readonly origin: "path" | "npm";
}

/** PULUMI_HOME as an installed CLI sees it; where this process itself runs under a built engine, as without it. */
export function pulumiHome(env: NodeJS.ProcessEnv = process.env): string {
  const set = env.PULUMI_HOME;
  return set && !isBuilt(set, env) ? set : join(env.HOME || homedir(), ".pulumi");
}

function isBuilt(path: string, env: NodeJS.ProcessEnv): boolean {
  return `${path}${sep}`.startsWith(cacheFolder(env) + sep);
}

/**
 * The places of a CLI that a person or npm installed, in the order in which they are asked: the PATH, the folder of
 * Pulumi's installer, then the versions that the npm package `pulumi` and the Automation API keep, newest first.
 */
export function cliPlaces(env: NodeJS.ProcessEnv = process.env): Omit<InstalledCli, "version">[] {
  const home = pulumiHome(env);
  const managed = join(home, "versions");
  const versions = existsSync(managed) ? readdirSync(managed).sort(compareVersions).reverse() : [];
  return [
    ...(env.PATH ?? "")
      .split(delimiter)
      .filter((folder) => folder !== "" && !isBuilt(folder, env))
      .map((folder) => ({ pulumi: join(folder, "pulumi"), origin: "path" as const })),
    { pulumi: join(home, "bin", "pulumi"), origin: "path" as const },
    ...versions.map((version) => ({
      pulumi: join(managed, version, "bin", "pulumi"),
      origin: "npm" as const,
    })),
  ].filter(({ pulumi }) => isExecutable(pulumi));
}

/** The first installed CLI that runs and is new enough; the others are named with what is wrong with them. */
export async function findCli(
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly cli?: InstalledCli; readonly rejected: readonly string[] }> {
  const rejected: string[] = [];
  for (const place of cliPlaces(env)) {
    const { code, stdout } = await run(place.pulumi, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 15_000,
    });
    const version = stdout.trim().replace(/^v/, "");
    const fault =
      code !== 0
        ? "does not run"
        : !/^\d+\.\d+\.\d+/.test(version)
          ? `says no version but ${JSON.stringify(version)}`
          : compareVersions(version, oldestCli) < 0
            ? `is ${version}, and ${oldestCli} or newer is needed`
            : undefined;
    if (fault === undefined) return { cli: { ...place, version }, rejected };
    rejected.push(`${place.pulumi} ${fault}`);
    log(`engine: ${place.pulumi} ${fault}; not used`);
  }
  return { rejected };
}

export function hasPlugin(home: string, awsVersion: string): boolean {
  const folder = join(home, "plugins", pluginFolder(awsVersion));
  return existsSync(join(folder, "pulumi-resource-aws")) && !existsSync(`${folder}.partial`);
}

/** How long a download may stand still before it is given up. */
const standstillMs = 15_000;

/**
 * Lets the CLI download the official AWS plugin. A network that refuses is given up at its first refusal instead of the
 * CLI's fifth, and one that swallows packets as soon as nothing has arrived for a while.
 */
export async function installPlugin(
  pulumi: string,
  home: string,
  awsVersion: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly installed: boolean; readonly reason: string }> {
  const scratch = await mkdtemp(join(tmpdir(), "gantry-plugin-"));
  const stop = new AbortController();
  let [size, since] = [0, Date.now()];
  const watch = setInterval(() => {
    const now = sizeOf(scratch) + sizeOf(join(home, "plugins", pluginFolder(awsVersion)));
    if (now !== size) [size, since] = [now, Date.now()];
    else if (Date.now() - since > standstillMs) stop.abort();
  }, 1000);
  try {
    const { code, stderr } = await run(
      pulumi,
      ["plugin", "install", "resource", "aws", awsVersion, "--non-interactive"],
      {
        // The CLI downloads into the temporary folder: one of its own shows whether anything arrives.
        env: {
          ...env,
          PULUMI_HOME: home,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          TMPDIR: scratch,
        },
        signal: stop.signal,
        onErrorLine: (line) => /Error downloading plugin/.test(line),
      },
    );
    if (code === 0) return { installed: true, reason: "" };
    if (stop.signal.aborted) {
      return { installed: false, reason: `nothing arrived for ${standstillMs / 1000} s` };
    }
    const line = stderr.split("\n").find((text) => /error/i.test(text)) ?? stderr.trim();
    return { installed: false, reason: line.replace(/^warning: Error downloading plugin: /, "") };
  } finally {
    clearInterval(watch);
    await rm(scratch, { recursive: true, force: true });
  }
}

function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  let size = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    size += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return size;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** PATH with a CLI's folder first, so that its language hosts are found before any others. */
export function pathWith(pulumi: string, env: NodeJS.ProcessEnv = process.env): string {
  return [dirname(pulumi), ...(env.PATH ?? "").split(delimiter).filter(Boolean)].join(delimiter);
}
