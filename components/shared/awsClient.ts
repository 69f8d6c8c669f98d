import * as pulumi from "@pulumi/pulumi";

interface ClientConfig {
  readonly region: string;
  readonly profile?: string;
}

/**
 * Uses a client of AWS's SDK, for what Pulumi's provider has no function for, and ends it. It signs with the credentials of the
 * environment, or of `aws:profile` where the stack names one.
 * @param arn of what is asked about: it tells the region.
 */
export async function withClient<C extends { destroy(): void }, T>(
  Client: new (config: ClientConfig) => C,
  arn: string,
  use: (client: C) => Promise<T>,
): Promise<T> {
  const [, , , region] = arn.split(":");
  const profile = new pulumi.Config("aws").get("profile");
  const client = new Client({ region, ...(profile ? { profile } : {}) });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
