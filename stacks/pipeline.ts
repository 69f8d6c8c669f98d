import * as pulumi from "@pulumi/pulumi";
import { shifts } from "../contract/deploymentStrategy";
import {
  Pipeline,
  type EcsCluster,
  type Network,
  type Notifications,
  type Registry,
  type RequestLogsTarget,
  type Service,
} from "../components";
import type {
  PipelineArgs,
  PipelineServiceArgs,
  PipelineSidecarArgs,
  PromoteToArgs,
  ReleasesArgs,
} from "../components/pipeline/args";
import type { ConfigSourceArgs } from "../components/pipeline/source";
import type { Tags } from "../components/shared/tags";
import { imageMakers, type EnvironmentConfig, type PipelineConfig } from "./config";
import { literalSecrets, releasedContainers, sidecarImages } from "./config/containers";
import { verifiedPrivately, verifiesInside } from "./config/verification";
import { triesAgain } from "../contract/deployRetry";
import { ecrRepositoryOf, parseImageReference } from "../contract/imageReference";
import {
  configKey,
  environmentNames,
  installationsPrefix,
  releaseKey,
  type EnvironmentNames,
} from "../contract/names";
import { deliveryTimes, queuedBuilds } from "../contract/times";
import { variables } from "../contract/variables";
import { commandBundle } from "./commandBundle";
import { driftSchedule } from "./driftSchedule";
import { approvalEvidence, pipelineActions, taskFailureCommands } from "./pipelineActions";
import { internalOnes, type LoadBalancers } from "./loadBalancers";
import type { Lookup } from "./resources";

/** The parts of an environment that its pipeline delivers to. */
export interface PipelineParts {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly registry: Pick<Registry, "repositoryArns">;
  readonly cluster: Pick<EcsCluster, "clusterArn">;
  readonly network: Pick<
    Network,
    "vpcId" | "privateSubnetIds" | "taskSubnetIds" | "assignPublicIp"
  >;
  readonly balancers: LoadBalancers;
  readonly services: Readonly<
    Record<
      string,
      Pick<Service, "executionRoleArn" | "taskRoleArn" | "securityGroupId"> &
        Pick<Partial<Service>, "url" | "shiftRoleArn">
    >
  >;
  readonly tags: Tags;
  /** Where people are told. Default: nowhere. */
  readonly notifications?: Pick<Notifications, "topicArn" | "keyArn" | "chatTopicArn">;
  /** Where requests to its buckets are logged. Without it, they are not. */
  readonly requestLogs?: RequestLogsTarget;
  /** What the program looks up for the team's own resources. Default: nothing. */
  readonly ownLookups?: readonly Lookup[];
}

export interface PipelineContext extends PipelineParts {
  readonly options: pulumi.ComponentResourceOptions;
}

/** The pipeline that config asks for. */
export function createPipeline(pipeline: PipelineConfig, context: PipelineContext): Pipeline {
  return new Pipeline(
    context.names.prefix,
    pipelineArgs(pipeline, context, commandBundle()),
    context.options,
  );
}

/**
 * What the pipeline that config asks for is given.
 * @param bundlePath the command that its actions start: see `commandBundle`.
 */
export function pipelineArgs(
  pipeline: PipelineConfig,
  context: PipelineParts,
  bundlePath: string,
): PipelineArgs {
  const { config, names, cluster, network, tags } = context;
  const { actionMinutes, approvalHours, queueMinutes } = deliveryTimes(config);
  const delivers = {
    pipelineName: names.pipeline,
    stack: config.stack,
    source: pipeline.source,
    config: pipelineConfigSource(pipeline, config.stack),
    promoteTo: pipeline.promoteTo && promoteTo(pipeline.promoteTo, context),
    deploy: pipeline.deploy,
    services: services(context),
    timeoutMinutes: actionMinutes,
  };
  return {
    ...delivers,
    actionName: names.action,
    actions: pipelineActions({ ...delivers, cluster, layerCache: config.registry.layerCache }),
    resultsVariable: variables.results,
    // An image of your own has what runs Pulumi.
    installations: pipeline.builder
      ? undefined
      : { prefix: installationsPrefix, variable: variables.installations },
    bundle: { path: bundlePath, variable: variables.command },
    queueMinutes,
    // What runs and what is queued behind it: CodeBuild refuses more.
    buildsAtOnce: config.quotas.concurrentBuilds * (1 + queuedBuilds),
    releases: pipeline.source ? undefined : releases(pipeline, context),
    approval: approval(pipeline, approvalHours),
    // By its own name, which is known before the cluster is there.
    cluster: { clusterArn: cluster.clusterArn, clusterName: names.cluster },
    network,
    verifyNetwork: verifiesInside(config) ? verifyNetwork(context) : undefined,
    ledgerName: names.ledger,
    pointerName: names.releasePointer,
    state: pipelineState(pipeline, names),
    lookups: { ...lookups(config), also: context.ownLookups },
    notifications: context.notifications && {
      ...context.notifications,
      events: (["failed", "started"] as const).filter((kind) =>
        config.notify?.kinds.includes(kind),
      ),
      product: config.name,
      variable: variables.topic,
      taskFailures: config.notify?.kinds.includes("taskFailures")
        ? taskFailureCommands(config.name, config.stack)
        : undefined,
    },
    otherProjects: driftSchedule(config) ? [names.action("drift")] : [],
    readsAlarms: pipeline.alarms !== false,
    deployRetryName: triesAgain(pipeline) ? names.deployRetry : undefined,
    mirrorRepositoryName: names.mirrorRepository,
    pullThroughPrefixes: config.registry.pullThrough,
    builder: pipeline.builder && { repositoryName: names.builderRepository, ...pipeline.builder },
    logRetentionDays: config.logs.retentionDays,
    requestLogs: context.requestLogs,
    forceDestroy: !config.protection,
    tags,
  };
}

function verifyNetwork({ config, network, balancers, services }: PipelineParts) {
  return {
    ...{ vpcId: network.vpcId, subnetIds: network.privateSubnetIds },
    internalLoadBalancers: internalOnes(balancers),
    services: Object.fromEntries(
      verifiedPrivately(config).map(([name, { port }]) => [
        name,
        { securityGroupId: services[name].securityGroupId, port },
      ]),
    ),
  };
}

/** Where delivery finds Pulumi's state, and what opens it. */
export function pipelineState({ state }: PipelineConfig, names: EnvironmentNames) {
  return {
    ...state,
    accessTokenSecret: state.accessTokenSecret ?? names.accessTokenSecret,
    project: pulumi.getProject(),
  };
}

/** Where the stack's file is kept; undefined where it comes with the source. */
export function pipelineConfigSource(
  { config }: Pick<PipelineConfig, "config">,
  stack: string,
): ConfigSourceArgs | undefined {
  return config && { ...config, key: configKey(pulumi.getProject(), stack) };
}

function releases(
  { promoteFrom, soakMinutes }: PipelineConfig,
  { config, names }: PipelineParts,
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
      repositoryNames: Object.keys(releasedContainers(config.services)).map(from.repository),
      historyRoleName: soakMinutes > 0 ? from.historyRole : undefined,
    },
  };
}

function promoteTo(
  { stack, account, region }: NonNullable<PipelineConfig["promoteTo"]>,
  { config: { name }, names }: PipelineParts,
): PromoteToArgs {
  const to = environmentNames({ name, stack });
  return {
    stack,
    accountId: account,
    region,
    receiveRoleName: to.receiveRole,
    releaseBucketName: to.releaseBucket,
    history: { roleName: names.historyRole, readerRoleNames: ["plan", "deploy"].map(to.action) },
  };
}

/** A person is asked about what another environment verified; commits go to their first one at once. */
function approval({ approval: asks, source }: PipelineConfig, timeoutHours: number | undefined) {
  if (timeoutHours === undefined || source) return undefined;
  const { plan, verification } = approvalEvidence;
  return asks === "afterVerification"
    ? ({ timeoutHours, after: "verification", ...verification } as const)
    : { timeoutHours, ...plan };
}

function services(context: PipelineParts) {
  const { config, names, registry, services } = context;
  const makers = imageMakers(config.services);
  return Object.fromEntries(
    Object.entries(config.services).map(([name, given]): [string, PipelineServiceArgs] => {
      const { architecture, exec } = given;
      // Secrets of own resources are not looked up: they come with the resources.
      const secrets = literalSecrets(given);
      const { executionRoleArn, taskRoleArn, url, shiftRoleArn: roleArn } = services[name];
      const isHeld = given.kind !== "job" && shifts(given.deployment.strategy);
      return [
        name,
        {
          ...{ architecture, secrets, exec, executionRoleArn, taskRoleArn },
          url: given.kind === "web" ? (given.verifyUrl ?? url) : url,
          serviceName: names.service(name),
          ...(given.kind === "job" ? { job: true } : {}),
          shift: isHeld ? { roleArn } : undefined,
          taskFamily: names.taskFamily(name),
          buildSecrets: given.build?.secrets,
          copiedFromArn: given.image === undefined ? undefined : arnOfImage(given.image),
          imageFrom: makers.get(name) === name ? undefined : makers.get(name),
          logGroupName: names.logGroup(name),
          repositoryName: names.repository(name),
          repositoryArn: registry.repositoryArns[name],
          sidecars: Object.fromEntries(
            sidecarImages(config.services, name).map((key) => [key, sidecar(key, context)]),
          ),
        },
      ];
    }),
  );
}

/** A sidecar that has an image of its own. */
function sidecar(key: string, { config, names, registry }: PipelineParts): PipelineSidecarArgs {
  const { build, image } = releasedContainers(config.services)[key];
  return {
    repositoryName: names.repository(key),
    repositoryArn: registry.repositoryArns[key],
    copiedFromArn: image === undefined ? undefined : arnOfImage(image),
    buildSecrets: build?.secrets,
  };
}

/** Of a repository in ECR; what is elsewhere, a role cannot be allowed. */
function arnOfImage(image: string): string | undefined {
  const reference = parseImageReference(image);
  const repository = reference && ecrRepositoryOf(reference);
  if (repository === undefined) return undefined;
  const { accountId, region, name } = repository;
  const partition = region.startsWith("cn-")
    ? "aws-cn"
    : region.startsWith("us-gov-")
      ? "aws-us-gov"
      : "aws";
  return `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`;
}

/** What the program looks up, and the roles that run it must therefore be allowed to. */
export function lookups({ audit, network, loadBalancer, services }: EnvironmentConfig) {
  return {
    existingNetwork: network.mode === "existing",
    availabilityZones: network.mode === "create",
    hostedZone: loadBalancer.domain !== undefined,
    ...(audit.trail === true ? { auditTrails: true } : {}),
    ...(loadBalancer.existing ? { existingLoadBalancer: true } : {}),
    ...(Object.values(services).some(({ kind }) => kind === "job") ? { stateMachines: true } : {}),
  };
}
