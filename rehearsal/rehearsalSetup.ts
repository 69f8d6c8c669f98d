import { prepareAccount } from "./account";
import type { Emulator } from "./emulator";
import type { Engine } from "./engine";
import { pipelineConfig } from "./pipelineConfig";
import type { Places } from "./places";
import type { Product } from "./product";
import { step, type Log } from "./progress";
import { removeFolder } from "./removeFolder";
import { prepareBaseImages, refuseUnreachable, type BaseImages } from "./runner/baseImages";
import type { BuildHost } from "./runner/buildHost";
import { findBuildHost } from "./runner/buildHost/find";
import { connectionTo } from "./runner/connection";
import { relayToEmulator, type EngineRelay } from "./runner/engineRelay";
import { findImageTools, type ImageTools } from "./runner/images";
import type { StackConfig } from "./stackFile";
import type { StackName } from "./workspace";

export interface Setup {
  readonly places: Places;
  readonly product: Product;
  readonly tools: ImageTools;
  /** Where builds run. */
  readonly host: BuildHost;
  readonly baseImages: BaseImages;
  /** Undefined where builds' tools reach the emulator by themselves. */
  readonly relay?: EngineRelay;
  /** Config that each environment has in place of its own. */
  readonly config: (name: StackName) => StackConfig;
}

/** What a rehearsal is prepared for. */
export interface Asked {
  readonly emulator: Emulator;
  readonly places: Places;
  readonly product: Product;
  readonly engine: Engine;
  /** Whether builds run in AWS's own image instead of a stand-in. */
  readonly realImage: boolean;
  readonly log: Log;
}

/**
 * What must be there before the environments are: what people make by hand in their account, and what images are built on.
 * @throws DeliveryError naming base images and images of services that cannot be had here, and what to do.
 */
export async function prepareRehearsal(asked: Asked): Promise<Setup> {
  const { emulator, places, product, engine, realImage, log } = asked;
  const tools = await findImageTools({
    connection: connectionTo(emulator),
    folder: places.tools,
    log,
  });
  const relay = await relayToEmulator(emulator, tools, log);
  const engineIsElsewhere = relay !== undefined;
  const builds = { engine, engineIsElsewhere, port: emulator.port, tools, realImage, log };
  const host = await findBuildHost(builds);
  await refuseUnreachable(product.images, tools);
  const prepare = () => prepareBaseImages([...product.services, ...product.sidecars], tools);
  const baseImages = await step(log, "images: what they are built on", prepare, {
    outcome: ({ replaced }) =>
      replaced.map(({ image, by }) => `${image} is ${by}`).join("; ") || "as the Dockerfiles say",
  });
  const connectionArn = await prepareAccount(emulator, product.presupposed);
  const region = product.config.staging.region;
  const config = (name: StackName): StackConfig => ({
    ...(region === undefined ? {} : { "aws:region": region }),
    ...pipelineConfig(name, { product: product.name, connectionArn, own: product.pipelines[name] }),
  });
  return { places, product, tools, host, baseImages, relay, config };
}

export function clearTools({ tools }: Places): void {
  removeFolder(tools);
}

/** Forgets what earlier runs left. */
export function clearRehearsal({ rehearsal }: Places): void {
  removeFolder(rehearsal);
}
