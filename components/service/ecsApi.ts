import type * as sdk from "@aws-sdk/client-ecs";
import { withClient } from "../shared/awsClient";

/**
 * Calls ECS, for what Pulumi's provider has no function for.
 * @param arn of what is asked about: it tells the region.
 */
export async function withEcs<T>(
  arn: string,
  use: (client: sdk.ECSClient, ecs: typeof sdk) => Promise<T>,
): Promise<T> {
  // Hundreds of milliseconds to load, for the few updates that need it.
  const ecs = await import("@aws-sdk/client-ecs");
  return withClient(ecs.ECSClient, arn, (client) => use(client, ecs));
}
