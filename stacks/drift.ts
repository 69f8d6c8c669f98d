import * as pulumi from "@pulumi/pulumi";
import {
  DriftCheck,
  type Notifications,
  type Pipeline,
  type ScheduleFailures,
} from "../components";
import type { OptionalPart } from "../components/drift/readStatements";
import { checkedText, driftKey, driftMetrics, type CheckedEnvironment } from "../contract/drift";
import { variables } from "../contract/variables";
import { buildspecText } from "./buildspecs";
import type { EnvironmentConfig } from "./config";
import { driftSchedule } from "./driftSchedule";
import { pipelineState, type PipelineContext } from "./pipeline";

type Context = Pick<PipelineContext, "config" | "names" | "cluster" | "tags" | "options"> & {
  /** Undefined where config has none. */
  readonly pipeline?: Pick<Pipeline, "bundle" | "builderImage">;
  readonly notifications?: Pick<Notifications, "topicArn" | "chatTopicArn" | "keyArn">;
  readonly scheduleFailures?: Pick<ScheduleFailures, "queueArn">;
};

/** What compares the environment with what was applied, where config or its default asks for that. */
export function createDriftCheck(context: Context): void {
  const { config, names, cluster, tags, options, pipeline, notifications } = context;
  const checks = driftSchedule(config);
  if (!checks || !config.pipeline || !pipeline?.bundle) return;
  const { state, deploy } = config.pipeline;
  const told = config.notify?.kinds.includes("drift") ? notifications : undefined;
  new DriftCheck(
    names.prefix,
    {
      ...{ stack: config.stack, prefix: names.prefix, tags },
      ofAccount: cluster.clusterArn,
      projectName: names.action("drift"),
      buildspec: buildspecText("drift"),
      variables: {
        [variables.stack]: config.stack,
        [variables.timeoutMinutes]: String(timeoutMinutes),
        [variables.checked]: checked(context, {
          organization: state.organization,
          byEcsAction: deploy === "ecs" || undefined,
          topicArn: told?.topicArn,
        }),
      },
      timeoutMinutes,
      bundle: pipeline.bundle,
      image: pipeline.builderImage,
      state: pipelineState(config.pipeline, names),
      parts: partsOf(config),
      schedule: {
        ...{ expression: checks.schedule, timezone: checks.timezone },
        deadLetterQueueArn: context.scheduleFailures?.queueArn,
      },
      policyArns: checks.policies,
      notifications: told && {
        ...{ topicArn: told.topicArn, chatTopicArn: told.chatTopicArn, keyArn: told.keyArn },
        product: config.name,
      },
      ledger: { tableName: names.ledger, partition: driftKey.pk.S },
      metricNamespace: driftMetrics.namespace,
      logRetentionDays: config.logs.retentionDays,
    },
    options,
  );
}

/** The wait for a deployment, and as long again for the comparison of a large environment. */
const timeoutMinutes = 60;

/** By the stack's output: the region is the provider's, whoever named it. */
function checked(
  { config, cluster }: Context,
  { topicArn, ...more }: CheckedMore,
): pulumi.Output<string> {
  return pulumi.all([cluster.clusterArn, topicArn]).apply(([arn, topic]) =>
    checkedText({
      ...{ project: pulumi.getProject(), name: config.name, region: arn.split(":")[3] },
      ...{ ...more, topicArn: topic },
    }),
  );
}

type CheckedMore = Pick<CheckedEnvironment, "organization" | "byEcsAction"> & {
  readonly topicArn: pulumi.Output<string> | undefined;
};

/** What the environment has, and its check may therefore read. */
function partsOf(config: EnvironmentConfig): OptionalPart[] {
  const { network, cluster, loadBalancer, alarms, notify } = config;
  const services = Object.values(config.services);
  const has: Readonly<Record<OptionalPart, boolean>> = {
    budget: alarms !== false && alarms.budget !== undefined,
    caches: Object.keys(config.caches).length > 0,
    chat: notify?.slack !== undefined || notify?.teams !== undefined,
    databases: Object.keys(config.databases).length > 0,
    domain: loadBalancer.domain !== undefined,
    encryptionKey: config.encryptionKeyArn === undefined,
    fileSystems: services.some(({ volumes }) => Object.keys(volumes).length > 0),
    instances: cluster.capacity === "ec2",
    logExport: config.logs.export !== false,
    network: network.mode === "create",
    // Where another trail records the account there is none to be read.
    trail: config.audit.trail !== false,
    waf: loadBalancer.waf !== undefined,
  };
  return (Object.keys(has) as OptionalPart[]).filter((part) => has[part]);
}
