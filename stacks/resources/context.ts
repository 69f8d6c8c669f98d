import * as pulumi from "@pulumi/pulumi";
import type { EcsCluster, Network, ServingLoadBalancer, Tags } from "../../components";
import { accountOf } from "../../components/shared/account";
import type { EnvironmentNames } from "../../contract/names";
import type { EnvironmentConfig } from "../config";
import { allowedName, plainName } from "../config/environment";
import { quote } from "../config/given";
import type { ResourcesContext } from "../resources";
import { ResourcesError } from "./error";

/** What own resources stand on. */
export interface Ground {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly loadBalancer: ServingLoadBalancer | undefined;
  readonly tags: Tags;
}

/** What the function of own resources is told. */
export function resourcesContext(ground: Ground): ResourcesContext {
  const { config, names, network, cluster, loadBalancer, tags } = ground;
  const { vpcId, publicSubnetIds, privateSubnetIds, taskSubnetIds } = network;
  const { clusterArn, clusterName } = cluster;
  const { region, accountId, partition } = accountOf(clusterArn);
  return {
    ...{ stack: config.stack, kind: config.kind, product: config.name },
    protection: config.protection,
    name: (part) => {
      if (plainName.test(part) && part !== "release") return names.own(part);
      throw new ResourcesError(config.stack, [
        {
          path: `name(${quote(part)})`,
          given: quote(part),
          allowed: `${allowedName}; not release, which is Gantry's`,
          fix: "call it orders or order-events",
        },
      ]);
    },
    tags,
    network: { vpcId, publicSubnetIds, privateSubnetIds, taskSubnetIds },
    cluster: { clusterArn, clusterName },
    ...(loadBalancer ? { loadBalancer: reached(loadBalancer) } : {}),
    region: pulumi.output(region),
    accountId: pulumi.output(accountId),
    partition: pulumi.output(partition),
  };
}

function reached({ dnsName, listenerArn, securityGroupId }: ServingLoadBalancer) {
  return { dnsName, listenerArn, securityGroupId };
}
