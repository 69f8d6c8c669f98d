import type { EnvironmentConfig } from "../../stacks/config";
import { createEnvironment, type EnvironmentOutputs } from "../../stacks/environment";
import type { Release } from "../../contract/manifest";
import type { ResourcesFunction } from "../../stacks/resources";
import type { Transforms } from "../../stacks/transforms";
import type { Answers } from "../support/aws";
import { record, type Recording, type RecordingOptions } from "../support/record";
import { parse, type Values } from "./config/support";

export const digest = `sha256:${"a".repeat(64)}`;

/** A release of the services named. */
export function aRelease(services: readonly string[]): Release {
  return {
    id: "3f9c2a1b-17",
    commit: "3f9c2a1b00000000000000000000000000000000",
    createdAt: "2026-01-31T12:00:00Z",
    images: Object.fromEntries(
      services.map((service) => [
        service,
        {
          uri: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/staging/${service}`,
          tag: "3f9c2a1b",
          digest,
        },
      ]),
    ),
  };
}

/** SSM with these parameters, whatever the path. */
export function pointer(parameters: Readonly<Record<string, string>>): Answers {
  return {
    "aws:ssm/getParametersByPath:getParametersByPath": () => ({
      names: Object.keys(parameters),
      values: Object.values(parameters),
    }),
    // Of the environment that these tests make, as it is once it was made.
    "aws:ecr/getRepositories:getRepositories": () => ({
      names: ["web", "jobs"].map((service) => `shop/staging/${service}`),
    }),
  };
}

export interface EnvironmentOptions extends RecordingOptions {
  readonly release?: Release;
  readonly resources?: ResourcesFunction;
  readonly transform?: Transforms;
}

/** A whole stack, from its config as a person writes it. */
export function environment(
  values: Values,
  options: EnvironmentOptions = {},
): Promise<Recording<EnvironmentOutputs>> {
  const { stack = "staging", release, resources, transform } = options;
  const config: EnvironmentConfig = parse(values, { stack, region: "eu-west-1" });
  return record(() => createEnvironment(config, release, { resources, transform }), {
    ...options,
    stack,
  });
}
