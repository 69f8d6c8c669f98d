import * as pulumi from "@pulumi/pulumi";
import { Pipeline, type EcsCluster, type Registry, type Service } from "../components";
import type {
  PipelineArgs,
  PipelineServiceArgs,
  PromoteToArgs,
  ReleasesArgs,
} from "../components/pipeline/args";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentConfig, PipelineConfig } from "./config";
import { environmentNames, releaseKey, type EnvironmentNames } from "./names";

/** The parts of an environment that its pipeline delivers to. */
export interface PipelineContext {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly registry: Registry;
  readonly cluster: EcsCluster;
  readonly services: Readonly<Record<string, Service>>;
  readonly tags: Tags;
}

/** The pipeline that config asks for. */
export function createPipeline(pipeline: PipelineConfig, context: PipelineContext): Pipeline {
  const { config, names, cluster, tags } = context;
  const args: PipelineArgs = {
    pipelineName: names.pipeline,
    stack: config.stack,
    actionName: names.action,
    ...(pipeline.source ? { source: pipeline.source } : { releases: releases(pipeline, context) }),
    promoteTo: pipeline.promoteTo && promoteTo(pipeline.promoteTo, config),
    approval: approval(pipeline),
    deploy: pipeline.deploy,
    cluster,
    services: services(context),
    ledgerName: names.ledger,
    pointerName: names.releasePointer,
    state: { ...pipeline.state, project: pulumi.getProject() },
    lookups: lookups(config),
    notify: pipeline.notify,
    builder: pipeline.builder && { repositoryName: names.action("builder"), ...pipeline.builder },
    logRetentionDays: config.logs.retentionDays,
    forceDestroy: !config.protection,
    tags,
  };
  return new Pipeline(names.prefix, args);
}

function releases(
  { promoteFrom }: PipelineConfig,
  { config, names }: PipelineContext,
): ReleasesArgs {
  const from = environmentNames({ name: config.name, stack: promoteFrom.stack });
  return {
    bucketName: names.releaseBucket,
    objectKey: releaseKey,
    receiveRoleName: names.receiveRole,
    from: {
      accountId: promoteFrom.account,
      region: promoteFrom.region,
      promoteRoleName: from.action("promote"),
      repositoryNames: Object.keys(config.services).map(from.repository),
    },
  };
}

function promoteTo(
  { stack, account, region }: NonNullable<PipelineConfig["promoteTo"]>,
  { name }: EnvironmentConfig,
): PromoteToArgs {
  const to = environmentNames({ name, stack });
  return {
    stack,
    accountId: account,
    region,
    receiveRoleName: to.receiveRole,
    releaseBucketName: to.releaseBucket,
  };
}

/** A person is asked before a deployment of what another environment verified; commits go to their first one at once. */
function approval({ approval, approvalTimeoutHours, source }: PipelineConfig) {
  return approval && !source ? { timeoutHours: approvalTimeoutHours } : undefined;
}

function services({ config, names, registry, services }: PipelineContext) {
  return Object.fromEntries(
    Object.entries(config.services).map(([name, given]): [string, PipelineServiceArgs] => {
      const { architecture, secrets } = given;
      const { executionRoleArn, taskRoleArn, url } = services[name];
      return [
        name,
        {
          ...{ architecture, secrets, url, executionRoleArn, taskRoleArn },
          serviceName: names.service(name),
          taskFamily: names.taskFamily(name),
          logGroupName: names.logGroup(name),
          repositoryArn: registry.repositoryArns[name],
        },
      ];
    }),
  );
}

/** What the program looks up, and the roles that run it must therefore be allowed to. */
function lookups({ network, loadBalancer }: EnvironmentConfig) {
  return {
    existingNetwork: network.mode === "existing",
    availabilityZones: network.mode === "create",
    hostedZone: loadBalancer.domain !== undefined,
  };
}
