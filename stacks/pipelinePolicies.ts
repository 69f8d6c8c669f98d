import * as pulumi from "@pulumi/pulumi";
import { tasksNeedPublicIp } from "../components/network/taskPlacement";
import { policyFaults } from "../components/pipeline/measure";
import type { EnvironmentNames } from "../contract/names";
import { ConfigError, type EnvironmentConfig } from "./config";
import { pipelineArgs } from "./pipeline";

/**
 * Roles of the pipeline that IAM would refuse, measured before there is anything: what is made later counts at its longest.
 * The component measures again, with the names that it is given.
 * @throws ConfigError before anything is registered.
 */
export function refuseLargePolicies(config: EnvironmentConfig, names: EnvironmentNames): void {
  const { network, pipeline, services, stack } = config;
  if (pipeline === undefined) return;
  const unknown = pulumi.output("");
  const subnets = pulumi.output<string[]>([]);
  const each = <T>(value: T) =>
    Object.fromEntries(Object.keys(services).map((name) => [name, value] as const));
  const parts = {
    ...{ config, names, tags: {} },
    registry: { repositoryArns: each(unknown) },
    cluster: { clusterArn: unknown },
    network: {
      ...{ vpcId: unknown, privateSubnetIds: subnets, taskSubnetIds: subnets },
      assignPublicIp:
        network.mode === "create"
          ? tasksNeedPublicIp(network)
          : network.privateSubnetIds === undefined,
    },
    // No statement is about them.
    balancers: {},
    services: each({
      ...{ executionRoleArn: unknown, taskRoleArn: unknown },
      ...{ securityGroupId: unknown, url: unknown },
    }),
  };
  // No statement depends on what the bundle is.
  const faults = policyFaults(pipelineArgs(pipeline, parts, ""));
  if (faults.length === 0) return;
  throw new ConfigError(
    stack,
    faults.map(({ path, given, allowed, fix }) => ({
      ...{ path: `gantry:${path}`, given: String(given), allowed, fix },
    })),
  );
}
