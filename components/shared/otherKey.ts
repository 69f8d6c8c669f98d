import * as pulumi from "@pulumi/pulumi";

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
