import type * as pulumi from "@pulumi/pulumi";
import { withClient } from "../shared/awsClient";

/** The capacity providers that AWS brings. */
export const fargateProviders = ["FARGATE", "FARGATE_SPOT"] as const;

const pollMs = 3_000;
const waitMs = 5 * 60_000;

/**
 * Waits, before a service is created, until its cluster has Fargate attached: ECS refuses the service before. A dependency
 * would say so, too, and keep hosts from being detached after the services have left them.
 */
export async function awaitFargate({ newInputs }: pulumi.ResourceHookArgs): Promise<void> {
  const { cluster } = newInputs as { readonly cluster: string };
  // Hundreds of milliseconds to load, for the few updates that create a service.
  const { DescribeClustersCommand, ECSClient } = await import("@aws-sdk/client-ecs");
  const deadline = Date.now() + waitMs;
  await withClient(ECSClient, cluster, async (client) => {
    for (;;) {
      const { clusters = [] } = await client.send(
        new DescribeClustersCommand({ clusters: [cluster] }),
      );
      const attached = clusters[0]?.capacityProviders ?? [];
      if (fargateProviders.every((provider) => attached.includes(provider))) return;
      if (Date.now() >= deadline) throw new Error(never(cluster, attached));
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  });
}

function never(cluster: string, attached: readonly string[]): string {
  return (
    `${cluster} has ${attached.join(" and ") || "no capacity provider"} attached, and not ${fargateProviders.join(" and ")}, ` +
    `after ${waitMs / 60_000} minutes; the service was not created. See what stopped the cluster's capacity above, then run ` +
    "pulumi up again."
  );
}
