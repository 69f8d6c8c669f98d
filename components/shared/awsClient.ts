import * as pulumi from "@pulumi/pulumi";

interface ClientConfig {
  readonly region: string;
  readonly profile?: string;
}

/**
 * A client of AWS's SDK, for what Pulumi's provider has no function for. It signs with the credentials of the environment, or
 * of `aws:profile` where the stack names one.
 * @param arn of what is asked about: it tells the region.
 */
export function awsClient<T>(client: new (config: ClientConfig) => T, arn: string): T {
  const [, , , region] = arn.split(":");
  const profile = new pulumi.Config("aws").get("profile");
  return new client({ region, ...(profile ? { profile } : {}) });
}
