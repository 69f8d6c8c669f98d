import type * as pulumi from "@pulumi/pulumi";
import { EncryptionKey, type Tags } from "../components";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";
import { awsKeys } from "./config/encryptionKey";

interface EnvironmentKeyContext {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** ARN of the key that encrypts what an environment holds: one that is made, or the one that config names; undefined where AWS's own do. */
export function environmentKey({
  config: { encryptionKeyArn, protection },
  names: { prefix },
  tags,
  options,
}: EnvironmentKeyContext): pulumi.Input<string> | undefined {
  if (encryptionKeyArn === awsKeys) return undefined;
  if (encryptionKeyArn !== undefined) return encryptionKeyArn;
  const kept = { ...options, protect: protection };
  return new EncryptionKey(prefix, { alias: prefix, tags }, kept).keyArn;
}
