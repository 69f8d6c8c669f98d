import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run, tryRun } from "../../../delivery/run";
import { prepareBuild, readResult, runLogged } from "../build";
import type { BuildHost, BuildResult, HostedBuild } from "../buildHost";
import { sourceVariables } from "./bash";
import type { EnginePulumi, Given } from "./enginePulumi";
import { neededPulumi } from "../pulumiInBuilds";
import { makeNetwork } from "./network";
import { standardImage } from "./standardImage";

/** Something of this machine that builds see, read-only. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

export interface ContainerHostOptions {
  /** What stands for AWS's standard image; images of one's own are run as they are. */
  readonly standardImage: string;
  /** With which docker finds its engine. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the emulator listens on 127.0.0.1. */
  readonly emulatorPort: number;
  /** The engine's socket as the engine sees it: builds that may use Docker get it. */
  readonly socket: string;
  /** What every build sees. */
  readonly mounts: readonly Mount[];
  /** What builds see that need it: see `neededPulumi`. */
  readonly pulumi: EnginePulumi;
  readonly notes: readonly string[];
}

/** Where a build has its sources, and its script; CodeBuild's own folder. */
const folderInside = "/codebuild";

/**
 * Containers of Docker, one for each build: root, an empty home folder, and no variable but the build's own. Files go in
 * and out by copying, so that nothing of this machine is written to by root, and an engine elsewhere will do.
 *
 * The network is the engine's own, where the emulator listens; a build that is told addresses of services has one of its
 * own, where they answer. A build that may not use Docker has no socket of the engine.
 */
export function containerHost(options: ContainerHostOptions): BuildHost {
  return {
    kind: "container",
    notes: options.notes,
    gives: [options.pulumi.cli, options.pulumi.provider].flatMap(({ variables }) =>
      Object.keys(variables),
    ),
    run: async (build) => {
      const name = `gantry-build-${randomUUID()}`;
      const { env } = options;
      const names = [name, networkOf(name)];
      const remove = () =>
        void spawnSync("docker", ["rm", "--force", "--volumes", ...names], { env });
      // Its signals end this process, too: see tryRun.
      process.on("exit", remove).on("SIGINT", remove).on("SIGTERM", remove);
      // A name of its own, as every host of CodeBuild has: a lock of Pulumi's tells by it who left it.
      const hostname = `codebuild-${randomUUID().slice(0, 8)}`;
      const { emulatorPort, standardImage: image } = options;
      const { reached } = build;
      let leave: (() => Promise<void>) | undefined;
      try {
        let place = ["--network", "host", "--hostname", hostname];
        if (reached.length > 0) {
          const network = networkOf(name);
          place = ["--network", `container:${network}`];
          leave = await makeNetwork({ name: network, hostname, image, env, emulatorPort, reached });
        }
        return await runInContainer(name, place, options, build);
      } finally {
        process.off("exit", remove).off("SIGINT", remove).off("SIGTERM", remove);
        await tryRun("docker", ["rm", "--force", "--volumes", name], { env });
        await leave?.();
      }
    },
  };
}

/** The container that has the network of another. */
const networkOf = (name: string) => `${name}-network`;

async function runInContainer(
  name: string,
  place: readonly string[],
  options: ContainerHostOptions,
  build: HostedBuild,
): Promise<BuildResult> {
  const { env } = options;
  const { buildspec, sources, primary, folder, logFile, timeoutSeconds } = build;
  const inside = new Map([...sources.keys()].map((key) => [key, `${folderInside}/src/${key}`]));
  const scratch = join(folder, "scratch");
  const scratchInside = `${folderInside}/scratch`;
  const variables = {
    ...Object.fromEntries(
      pulumiOf(options, build).flatMap((given) => Object.entries(given.variables)),
    ),
    ...build.variables,
    ...sourceVariables(inside, primary),
  };
  const prepared = prepareBuild(buildspec, scratch, scratchInside, variables);
  const docker = (task: string, ...args: string[]) => run(task, "docker", args, { env });
  const task = "making the container of the build";
  await docker(task, "create", "--name", name, ...place, ...settings(options, build, inside));
  await docker(task, "cp", join(folder, "src"), `${name}:${folderInside}/`);
  await docker(task, "cp", scratch, `${name}:${folderInside}/`);
  const ended = await runLogged("docker", ["start", "--attach", name], {
    env,
    logFile,
    timeoutSeconds,
  });
  await docker("ending the container of the build", "stop", "--time", "0", name);
  await docker("reading what the build left", "cp", `${name}:${scratchInside}/.`, scratch);
  await copyArtifacts(name, env, build, inside.get(primary) ?? "");
  return readResult(prepared, ended, timeoutSeconds);
}

/** What a build is given of this machine's Pulumi. */
function pulumiOf({ pulumi }: ContainerHostOptions, { variables }: HostedBuild): Given[] {
  const needed = neededPulumi(Object.keys(variables));
  return [...(needed.cli ? [pulumi.cli] : []), ...(needed.provider ? [pulumi.provider] : [])];
}

function settings(
  options: ContainerHostOptions,
  build: HostedBuild,
  inside: ReadonlyMap<string, string>,
): string[] {
  const { image, privileged, primary } = build;
  const { socket } = options;
  const mounts = [...options.mounts, ...pulumiOf(options, build).flatMap((given) => given.mounts)];
  const bound = [
    ...mounts.map(({ source, target }) => `${source}:${target}:ro`),
    ...(privileged ? [`${socket}:/var/run/docker.sock`] : []),
  ];
  return [
    ...["--workdir", inside.get(primary) ?? folderInside],
    ...bound.flatMap((one) => ["--volume", one]),
    // AWS's image would start an engine of its own.
    ...["--entrypoint", "bash", image === standardImage.name ? options.standardImage : image],
    ...["--noprofile", "--norc", `${folderInside}/scratch/build.sh`],
  ];
}

/** What the build left for its artifacts, to where it would lie if it had run here. What is not there shows later. */
async function copyArtifacts(
  name: string,
  env: NodeJS.ProcessEnv,
  { buildspec, sources, primary }: HostedBuild,
  inside: string,
): Promise<void> {
  const bases = new Set([...buildspec.artifacts.values()].map((one) => one.baseDirectory));
  for (const base of bases) {
    const target = join(sources.get(primary) ?? "", base);
    mkdirSync(target, { recursive: true });
    await tryRun("docker", ["cp", `${name}:${inside}/${base}/.`, target], { env });
  }
}
