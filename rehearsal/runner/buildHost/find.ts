import { realpathSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../delivery/run";
import { messageOf } from "../../../delivery/errors";
import type { Engine } from "../../engine";
import { buildxPluginFolder } from "../../engine/buildxPlugin";
import { step, type Log } from "../../progress";
import type { BuildHost } from "../buildHost";
import type { ImageTools } from "../images";
import { findAwsCli } from "./awsCli";
import { bashHost } from "./bash";
import { containerHost, type Mount } from "./container";
import { socketOfEngine } from "./socket";
import { enginePulumi } from "./enginePulumi";
import { makeStandIn, whyNoStandIn } from "./standIn";
import { standardImage } from "./standardImage";

export interface BuildHostOptions {
  readonly engine: Engine;
  /** Whether Docker's engine is in a virtual machine, where nothing of this machine runs. */
  readonly engineIsElsewhere: boolean;
  /** Where the emulator listens on 127.0.0.1. */
  readonly port: number;
  readonly tools: ImageTools;
  /** Run builds in AWS's own image, which is pulled. Default: in a stand-in for it. */
  readonly realImage?: boolean;
  readonly log: Log;
}

const underBash =
  "builds ran under this machine's own bash, with its programs, and not in CodeBuild's image";

/**
 * Where builds run: in containers of CodeBuild's image, or of a stand-in with the same tools, where there is a Docker
 * engine; else under this machine's bash, which the report then says.
 * @throws DeliveryError where AWS's image is wanted and cannot be had.
 */
export async function findBuildHost(options: BuildHostOptions): Promise<BuildHost> {
  const { tools, realImage = false, log, engine, port } = options;
  const env = { ...process.env, ...tools.env };
  const here = async (reason: string) => {
    log(`builds: run under bash on this machine: ${reason}`);
    return bashHost([`${underBash}: ${reason}`], await findAwsCli(log));
  };
  const whyNot = whyNoContainers(options);
  if (whyNot !== undefined) {
    if (!realImage) return here(whyNot);
    throw new Error(
      `--codebuild-image needs a Docker engine on this machine, and ${whyNot}: start one, or leave the option out`,
    );
  }
  const reason = realImage ? undefined : await whyNoStandIn();
  if (reason !== undefined) {
    return here(`no stand-in for CodeBuild's image can be made, ${reason}; see --codebuild-image`);
  }
  const base = realImage ? await pullReal(env, log) : await makeStandIn(standardImage, env, log);
  const plugins = realImage ? [] : [await newerBuildx(log)];
  return containerHost({
    standardImage: base,
    env,
    emulatorPort: port,
    socket: await socketOfEngine(env),
    mounts: plugins,
    pulumi: enginePulumi(engine),
    notes: realImage ? [] : [`builds ran in a stand-in for ${standardImage.name}`],
  });
}

function whyNoContainers({ tools, engineIsElsewhere }: BuildHostOptions): string | undefined {
  if (tools.builder !== "docker") return "there is no Docker engine";
  return engineIsElsewhere ? "Docker's engine is in a virtual machine" : undefined;
}

/** Debian's buildx cannot copy an image as it is (`--prefer-index`); that of AWS's image can, and this one too. */
async function newerBuildx(log: Log): Promise<Mount> {
  const folder = await buildxPluginFolder(log);
  const target = "/usr/local/lib/docker/cli-plugins/docker-buildx";
  return { source: realpathSync(join(folder, "docker-buildx")), target };
}

async function pullReal(env: NodeJS.ProcessEnv, log: Log): Promise<string> {
  const { publicImage } = standardImage;
  try {
    await step(log, `builds: pulling ${publicImage}, which has several gigabytes`, () =>
      run(`pulling ${publicImage}`, "docker", ["pull", publicImage], { env }),
    );
  } catch (error) {
    throw new Error(
      `CodeBuild's own image cannot be pulled; leave out --codebuild-image: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return publicImage;
}
