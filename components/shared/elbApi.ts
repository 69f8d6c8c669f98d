import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { withClient } from "./awsClient";

/**
 * Calls Elastic Load Balancing, for what Pulumi's provider has no function for.
 * @param arn of what is asked about: it tells the region.
 */
export async function withElb<T>(
  arn: string,
  use: (client: sdk.ElasticLoadBalancingV2Client, elb: typeof sdk) => Promise<T>,
): Promise<T> {
  // Hundreds of milliseconds to load, for the few updates that need it.
  const elb = await import("@aws-sdk/client-elastic-load-balancing-v2");
  return withClient(elb.ElasticLoadBalancingV2Client, arn, (client) => use(client, elb));
}
