import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Release } from "../stacks/manifest";
import type { EnvironmentNames } from "../stacks/names";
export declare function readPointer(
  ssm: SSMClient,
  names: EnvironmentNames,
): Promise<Release | undefined>;
export declare function writePointer(
  ssm: SSMClient,
  names: EnvironmentNames,
  release: Release,
): Promise<void>;
export declare function deletePointer(ssm: SSMClient, names: EnvironmentNames): Promise<void>;
/** Throws DeliveryError when the manifest is past 8 KB. */
export declare function checkPointerSize(release: Release): void;
