import * as pulumi from "@pulumi/pulumi";
import { environmentNames } from "../contract/names";
import { configWarnings } from "./config";
import { readConfig } from "./readConfig";
import { createEnvironment, type EnvironmentOptions, type EnvironmentOutputs } from "./environment";
import { existingLoadBalancer } from "./existingLoadBalancer";
import { refuseForeignArns } from "./foreignArns";
import { refuseGoneImages } from "./goneImages";
import { tellErrorsToPeople } from "./programErrors";
import { readRelease } from "./release";
import { makeStackTracesCheap } from "./stackTraces";
import { refuseTakenPriorities } from "./takenPriorities";
import { toItsEnd } from "./unfinished";

/**
 * The Pulumi program of a product: `export = environment();` in its index.ts. Each stack is an environment, made from its
 * config (`gantry:*`) and the release that its pointer names.
 * @returns what Pulumi calls, and whose result are the stack's outputs. It throws ConfigError with every fault of the config,
 * and ReleaseError where the pointer is malformed, before anything is registered; ResourcesError where own resources and
 * config do not fit together, before anything of a service is.
 */
export function environment(options: EnvironmentOptions = {}): () => Promise<EnvironmentOutputs> {
  makeStackTracesCheap();
  tellErrorsToPeople();
  return () => toItsEnd(() => makeEnvironment(options));
}

async function makeEnvironment(options: EnvironmentOptions): Promise<EnvironmentOutputs> {
  const config = readConfig();
  for (const { path, risk } of configWarnings(config, new Date())) {
    await pulumi.log.warn(`${path}: ${risk}`);
  }
  await refuseForeignArns(config);
  const found = await existingLoadBalancer(config);
  await refuseTakenPriorities(config, found);
  const release = await readRelease(environmentNames(config));
  await refuseGoneImages(config, release);
  return createEnvironment(config, release, options, { loadBalancer: found });
}
