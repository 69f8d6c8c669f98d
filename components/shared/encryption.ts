import * as pulumi from "@pulumi/pulumi";
import type { Permission } from "../service/statements";
import { changed } from "./account";

/**
 * What lets tasks read and write what a service encrypts with a key, by that service alone.
 * @param keyArn of the key. Without it, nothing: AWS's own keys are everybody's who may use the service.
 * @param service such as `s3`.
 * @param actions Default: what it takes to read and to write.
 */
export function keyUse(
  keyArn: pulumi.Input<string> | undefined,
  service: string,
  actions = ["kms:Decrypt", "kms:GenerateDataKey"],
): Permission[] {
  if (keyArn === undefined) return [];
  return [
    {
      actions,
      resources: [keyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": changed(
            [keyArn],
            ([arn]) => `${service}.${arn.split(":")[3]}.amazonaws.com`,
          ),
        },
      },
    },
  ];
}

/**
 * Warns where something that holds data was made with another key than it should have now. It stays: with the new key it would
 * be another, without the data.
 * @param actual the key that AWS encrypts it with.
 * @param wanted the ARN of the key that it would be made with today. Without it, nothing is told.
 */
export function tellOtherKey(
  resource: pulumi.Resource,
  actual: pulumi.Input<string | undefined>,
  wanted: pulumi.Input<string> | undefined,
): void {
  if (wanted === undefined) return;
  pulumi.all([actual, wanted]).apply(([has, should]) => {
    if (has === should) return;
    const text = `keeps the key that it was made with (${has || "AWS's own"}), and not ${should}: AWS changes it for none that exists`;
    return pulumi.log.warn(text, resource);
  });
}
