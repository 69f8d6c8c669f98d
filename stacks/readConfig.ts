import * as pulumi from "@pulumi/pulumi";
import { variables } from "../contract/variables";
import { parseConfig } from "./config";
import { rewrittenInFile } from "./config/stackFile";
import type { EnvironmentConfig } from "./config/types";

/**
 * The config of the stack that runs. A release that is delivered or taken back is not stopped by a day that is over: the next
 * preview by a person is.
 * @throws ConfigError that lists every fault.
 */
export function readConfig(): EnvironmentConfig {
  const values = pulumi.runtime.allConfig();
  const stack = pulumi.getStack();
  return parseConfig({
    project: pulumi.getProject(),
    stack,
    region: values["aws:region"] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION,
    values,
    secretKeys: new Set(Object.keys(values).filter(isSecret)),
    rewritten: rewrittenInFile(pulumi.getRootDirectory(), stack, values),
    now: process.env[variables.release] ? undefined : new Date(),
  });
}

/** Pulumi exports this function, but leaves it out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as typeof pulumi.runtime & {
    isConfigSecret(key: string): boolean;
  };
  return runtime.isConfigSecret(key);
}
