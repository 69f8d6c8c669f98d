import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { builtEngine, engineFolder } from "./engine/build";
import { cacheFolder } from "./engine/cache";
import { EngineError } from "./engine/errors";
import {
  findCli,
  hasPlugin,
  installPlugin,
  oldestCli,
  pathWith,
  pulumiHome,
} from "./engine/installed";
import { bridgePart, cliParts, cliVersion, type Part } from "./engine/parts";
import { step, type Log } from "./progress";
import { findProvider } from "./engine/provider";
import { installedPackage } from "./engine/versions";

export { EngineError } from "./engine/errors";

/** A Pulumi engine that can run the program: the CLI, the Node language host and an AWS plugin. */
export interface Engine {
  /** Path of the CLI. */
  readonly pulumi: string;
  /** PULUMI_HOME to use: plugins are found there. */
  readonly home: string;
  /** What a child process needs on top of its own environment to use this engine. */
  readonly env: Readonly<Record<string, string>>;
  /** The CLI's version, without a `v`. */
  readonly version: string;
  /** Found on the PATH, kept by the npm package `pulumi`, or built here. */
  readonly origin: "path" | "npm" | "built";
  /** Pulumi's own plugin, or ours over a Terraform provider. */
  readonly awsPlugin: "official" | "bridge";
}

/** `installed` never builds, `build` never looks for what is installed or downloads it; without either, see below. */
export type EngineChoice = "installed" | "build";

export interface EngineOptions {
  /** Gets each line of progress; without it they go to the standard error. */
  readonly log?: Log;
  /** Without it, the value of GANTRY_ENGINE counts. */
  readonly choice?: EngineChoice;
  /** The folder whose node_modules has @pulumi/aws; without it, this project. */
  readonly project?: string;
  /** The environment that says where to look; without it, this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Finds an engine, or builds what is missing, and says so while it does.
 *
 * 1. CLI: a usable `pulumi` on the PATH, then those that the npm package `pulumi` keeps, else one built here.
 * 2. AWS plugin: the official one of exactly the version of @pulumi/aws if it is installed; else a bridge that an
 *    earlier run built; else the official one, downloaded; else the bridge, built now over a Terraform provider.
 *
 * The emulator works with either plugin. The official one is preferred where it can be had since it is what real
 * environments run; a bridge that is there already is preferred to a download, since that would be tried in vain on a
 * closed network every time. The bridge never goes into the person's own PULUMI_HOME, where a real environment would
 * take it for the official plugin.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const project = options.project ?? resolve(__dirname, "..");
  const search: Search = {
    env,
    log: options.log ?? ((line) => void process.stderr.write(`${line}\n`)),
    home: pulumiHome(env),
    awsVersion: installedPackage(project, "@pulumi/aws"),
  };
  const choice = options.choice ?? choiceFrom(env.GANTRY_ENGINE);
  if (choice === "installed") return installedEngine(search);

  const cli = choice === "build" ? undefined : (await findCli(search.log, env)).cli;
  const cache = cacheFolder(env);
  const build = (parts: readonly Part[]) => builtEngine(cache, parts, search.log, env);
  const own = cli === undefined ? cliParts() : [];
  const withBridge = [...own, bridgePart(project)];
  let official = choice !== "build" && hasPlugin(search.home, search.awsVersion);
  if (choice !== "build" && !official && !existsSync(engineFolder(cache, withBridge))) {
    const { pulumi } = cli ?? builtCli(await build(own));
    official = (await download(search, pulumi)).installed;
  }
  if (official) return engine(cli ?? builtCli(await build(own)), search.home, env);
  const provider = findProvider({ env }); // before the build: that one is missing should show at once
  const folder = await build(withBridge);
  return engine(cli ?? builtCli(folder), folder, env, provider);
}

interface Search {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly home: string;
  readonly awsVersion: string;
}

function choiceFrom(value: string | undefined): EngineChoice | undefined {
  if (value === undefined || value === "") return undefined;
  if (value === "installed" || value === "build") return value;
  throw new EngineError(
    `GANTRY_ENGINE is ${JSON.stringify(value)}.`,
    [],
    ['set it to "installed" or "build", or unset it to use what is installed and build the rest'],
  );
}

async function installedEngine(search: Search): Promise<Engine> {
  const { env, log, home, awsVersion } = search;
  const { cli, rejected } = await findCli(log, env);
  const unset =
    "unset GANTRY_ENGINE (now: installed) to have what is missing built from Go modules";
  if (cli === undefined) {
    throw new EngineError(
      `No Pulumi CLI ${oldestCli} or newer is installed.`,
      ["the PATH", join(home, "bin"), join(home, "versions"), ...rejected],
      ["install it: https://www.pulumi.com/docs/iac/download-install, or", unset],
    );
  }
  if (!hasPlugin(home, awsVersion)) {
    const { installed, reason } = await download(search, cli.pulumi);
    if (!installed) {
      throw new EngineError(
        `The AWS plugin ${awsVersion} is not installed and cannot be downloaded: ${reason}`,
        [join(home, "plugins")],
        [`install it: pulumi plugin install resource aws ${awsVersion}, or`, unset],
      );
    }
  }
  return engine(cli, home, env);
}

function download({ log, home, awsVersion, env }: Search, pulumi: string) {
  const title = `engine: downloading the AWS plugin ${awsVersion}`;
  return step(log, title, () => installPlugin(pulumi, home, awsVersion, env), {
    outcome: ({ installed, reason }) => (installed ? "done" : `not possible: ${reason}`),
  });
}

type Cli = Pick<Engine, "pulumi" | "version" | "origin">;

function builtCli(folder: string): Cli {
  return { pulumi: join(folder, "bin", "pulumi"), version: cliVersion(), origin: "built" };
}

/** With a provider, the bridge is used over it; without, the official plugin. */
function engine(cli: Cli, home: string, from: NodeJS.ProcessEnv, provider?: string): Engine {
  const env: Record<string, string> = {
    PATH: pathWith(cli.pulumi, from),
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  if (provider !== undefined) {
    env.TERRAFORM_AWS_PROVIDER = provider;
    // Every SDK in node_modules makes the engine look for its plugin before a run (@pulumi/docker's, too, which a
    // stack may never use). It may go on without them, and where nothing can be downloaded should not try for seconds
    // each time: a plugin that the program then does use is reported as missing, by name and version.
    env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
  }
  const awsPlugin = provider === undefined ? "official" : "bridge";
  return {
    pulumi: cli.pulumi,
    home,
    env,
    version: cli.version,
    origin: cli.origin,
    awsPlugin,
  };
}
