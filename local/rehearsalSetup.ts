import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "./emulator";
import { pipelineConfig, sourceRepository, type PipelineParts } from "./pipelineConfig";
import { step, type Log } from "./progress";
import { makeBaseImage } from "./rehearsal/baseImage";
import { connectionTo } from "./rehearsal/connection";
import { findImageTools, type ImageTools } from "./rehearsal/images";
import type { StackConfig } from "./stackFile";
import { gantryFolder, type StackName } from "./workspace";

/** Logs of actions, storage of images, the repository that is followed. */
export const rehearsalFolder = join(gantryFolder, "rehearsal");

export interface Setup {
  readonly tools: ImageTools;
  /** Config that gives each environment its pipeline. */
  readonly config: (name: StackName) => StackConfig;
}

/** What compiles the sample service outside of its image, where the image's build shall ask no registry. */
const prebuilt = "npm ci --no-audit --no-fund && npm test && npm run build";

/** What must be there before the environments are: a connection to the repository, and what images are built on. */
export async function prepareRehearsal(emulator: Emulator, log: Log): Promise<Setup> {
  const connection = connectionTo(emulator);
  const tools = await findImageTools({
    connection,
    folder: toolsFolder,
    log,
  });
  const make = () => makeBaseImage(connection, tools);
  const base =
    tools.builder === "simulated"
      ? undefined
      : await step(log, `images: a base image, with ${tools.builder}`, make, {
          outcome: (made) => made?.reference ?? "the Dockerfile's own",
        });
  const parts: PipelineParts = {
    connectionArn: await authorisedConnection(emulator),
    ...(base
      ? { buildArgs: { NODE_IMAGE: base.reference, PREBUILT: "true" }, test: prebuilt }
      : {}),
    ...(tools.builder === "simulated" ? { test: prebuilt } : {}),
  };
  return { tools, config: (name) => pipelineConfig(name, parts) };
}

/** Where images are stored while they are built and run: large, and of use to one emulator alone. */
const toolsFolder = join(rehearsalFolder, "tools");

export function clearTools(): void {
  rmSync(toolsFolder, { recursive: true, force: true });
}

/** Forgets what earlier runs left. */
export function clearRehearsal(): void {
  rmSync(rehearsalFolder, { recursive: true, force: true });
}

/** A connection whose handshake somebody has finished in the console. */
async function authorisedConnection(emulator: Emulator): Promise<string> {
  const connection = { name: sourceRepository.replace("/", "-"), status: "AVAILABLE" };
  const { ConnectionArn } = await emulator.control<{ ConnectionArn: string }>(
    "connections",
    connection,
  );
  return ConnectionArn;
}
