import { dirname } from "node:path";
import { ecs, lb, type types } from "@pulumi/aws";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { ensureBucket, stateBucket } from "../../../rehearsal/stateBucket";
import type { Surroundings } from "./surroundings";

export type Configuration = types.input.ecs.ServiceDeploymentConfiguration;

/** What a test changes of the service and of its rule. */
export interface Given {
  readonly host: string;
  readonly taskDefinition: string;
  readonly deploymentConfiguration?: Configuration;
}

/** A stack of one service that has two colours, and of the rule to it, as given at the time of an update. */
export async function stackOf(surroundings: Surroundings, given: () => Given): Promise<Stack> {
  const { bench } = surroundings;
  await ensureBucket(bench.emulator, stateBucket);
  return LocalWorkspace.createOrSelectStack(
    {
      stackName: "staging",
      projectName: "acme",
      program: () => Promise.resolve(makeService(surroundings, given())),
    },
    {
      envVars: bench.workspace.env,
      pulumiHome: bench.engine.home,
      pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(bench.engine.pulumi)) }),
      stackSettings: { staging: { config: { "aws:skipMetadataApiCheck": "true" } } },
    },
  );
}

function makeService({ arns, cluster, network, service }: Surroundings, given: Given): void {
  const { host, ...changed } = given;
  const targetGroups = [
    { arn: arns.blue, weight: 1 },
    { arn: arns.green, weight: 0 },
  ];
  const production = new lb.ListenerRule(
    "production",
    {
      ...{ listenerArn: arns.listener, conditions: [{ hostHeader: { values: [host] } }] },
      actions: [{ type: "forward", forward: { targetGroups } }],
    },
    // They are ECS's from its first deployment on.
    { ignoreChanges: ["actions"] },
  );
  const advancedConfiguration = {
    ...{ alternateTargetGroupArn: arns.green, productionListenerRule: production.arn },
    ...{ testListenerRule: arns.test, roleArn: "arn:aws:iam::123456789012:role/shifts-traffic" },
  };
  const balancer = { targetGroupArn: arns.blue, containerName: "web", containerPort: 8080 };
  new ecs.Service(service, {
    ...changed,
    ...{ name: service, cluster, desiredCount: 1, launchType: "FARGATE" },
    networkConfiguration: network,
    loadBalancers: [{ ...balancer, advancedConfiguration }],
    alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true },
  });
}
