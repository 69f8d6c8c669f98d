import * as pulumi from "@pulumi/pulumi";
import { EcsCluster, Network, Registry, type FoundLoadBalancer } from "../components";
import type { Capacity } from "../components/ecsCluster";
import type { NetworkArgs } from "../components/network";
import type { RecordingTrail } from "../components/auditTrail/recording";
import { tasksNeedPublicIp } from "../components/network/taskPlacement";
import { isKeptIn } from "./config/egress";
import type { PullerArgs } from "../components/registry";
import { accountOf } from "../components/shared/account";
import type { Tags } from "../components/shared/tags";
import { ConfigError, type EnvironmentConfig } from "./config";
import { releasedContainers } from "./config/containers";
import { environmentTags } from "./config/tags";
import { environmentNames, type EnvironmentNames } from "../contract/names";
import type { Release } from "../contract/manifest";
import type { DesiredRelease } from "../contract/pointer";
import { createAccessLogs } from "./accessLogs";
import { createAddresses } from "./addresses";
import { createAuditTrail, makesTrail } from "./auditTrail";
import { createData } from "./data";
import { createDriftCheck } from "./drift";
import { environmentKey } from "./environmentKey";
import { existingLoadBalancer } from "./existingLoadBalancer";
import { refuseSubnetsWithoutIpv6 } from "./ipv6Subnets";
import { createLoadBalancers } from "./loadBalancers";
import { exportLogs } from "./logExport";
import { createMessages } from "./messages";
import { alarmActionsOf, createNotifications } from "./notifications";
import { createObservability } from "./observability";
import { createPipeline } from "./pipeline";
import { createPullRequests } from "./pullRequests";
import { refuseUnlockedPackages } from "./lockedPackages";
import { refuseLargePolicies } from "./pipelinePolicies";
import { Collected, Protection } from "./protection";
import type { ResourcesFunction } from "./resources";
import { makeOwnResources, refuseNamesOfNothing } from "./resources/make";
import { nothingReturned } from "./resources/returned";
import { releasedImage } from "./service";
import { createScheduleFailures } from "./scheduleFailures";
import { createServices } from "./services";
import { refuseUnknownTransforms, type Transforms } from "./transforms";
import { createVolumes } from "./volumes";

/** What every stack tells: people, the other environment, delivery. */
export interface EnvironmentOutputs {
  /** By web service: where it is reached. */
  readonly serviceUrls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where the pipeline is in AWS's console; absent where config has none. */
  readonly pipelineUrl?: pulumi.Output<string>;
  /** The role that previews of pull requests take on; absent where config has none. */
  readonly pullRequestRoleArn?: pulumi.Output<string>;
  /** Where the dashboard is in AWS's console; absent where config has none. */
  readonly dashboardUrl?: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  /** By service, and by sidecar as `web.nginx`: where its images are. */
  readonly repositoryUrls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Id of the release that runs, or `bootstrap` before the first. */
  readonly release: string;
}

export interface EnvironmentOptions {
  /**
   * Makes the team's own resources, and returns by name what services take in config as `{ from: name }`. Default: there
   * are none.
   */
  readonly resources?: ResourcesFunction;
  /** Changes arguments of what Gantry makes, for what config has no key for. Default: everything is made as config says. */
  readonly transform?: Transforms;
}

/** What is in AWS beside the environment. */
export interface LookedUp {
  /** The load balancer that config names. */
  readonly loadBalancer?: FoundLoadBalancer;
  /** Trails of others that record the account and region. */
  readonly trails?: readonly RecordingTrail[];
}

/**
 * Staging, production, or any further stack: everything that an environment is, from its config and its release.
 * @param looked what config asks of AWS, where it was looked up already. Default: it is looked up.
 */
export async function createEnvironment(
  config: EnvironmentConfig,
  release: DesiredRelease | undefined,
  { resources, transform = {} }: EnvironmentOptions = {},
  looked: LookedUp = {},
): Promise<EnvironmentOutputs> {
  refuseUnknownTransforms(transform);
  if (!resources) refuseNamesOfNothing(config);
  refuseOtherHosts(config, release);
  refuseUnreachablePlaceholder(config, release);
  refuseUnlockedPackages(config);
  await refuseSubnetsWithoutIpv6(config);
  const found = looked.loadBalancer ?? (await existingLoadBalancer(config));
  const hasTrail = await makesTrail(config, looked.trails);
  const names = environmentNames(config);
  refuseLargePolicies(config, names);
  const { prefix } = names;
  const tags = environmentTags(config);
  // What holds data or a name that people know; services come and go, and so does what only connects.
  const collected = new Collected(config.permissionsBoundary, transform);
  const { options } = collected;
  const kept = { ...options, protect: config.protection };

  const keyArn = environmentKey({ config, names, tags, options });
  collected.encryptLogs(keyArn);
  const network = new Network(prefix, networkArgs(config, names, tags), kept);
  const registry = new Registry(
    prefix,
    {
      environment: config.stack,
      repositories: Object.fromEntries(
        Object.keys(releasedContainers(config.services)).map((key) => [key, names.repository(key)]),
      ),
      keepReleases: config.registry.keepReleases,
      pulledBy: otherAccounts(config),
      forceDelete: !config.protection,
      keyArn,
      tags,
    },
    options,
  );
  const cluster = new EcsCluster(
    prefix,
    {
      clusterName: names.cluster,
      capacity: capacity(config, network),
      containerInsights: config.cluster.containerInsights,
      execLog: { logGroupName: names.execLogGroup, retentionDays: config.logs.retentionDays },
      execKeyArn: keyArn,
      tags,
    },
    kept,
  );
  const { accountId } = accountOf(cluster.execLogGroupArn);
  const logged = createAccessLogs({ config, found, accountId, prefix, tags, options });
  const requestLogs = logged.ofBuckets;
  const balancers = createLoadBalancers({
    ...{ config, found, network, prefix, tags, options, kept },
    accessLogs: logged.ofLoadBalancers,
  });
  const loadBalancer = balancers.main;

  const notifications = createNotifications({ config, keyArn, names, cluster, tags, options });
  const data = createData({ config, keyArn, requestLogs, names, network, tags, options });
  const { used, bucketNames } = data;
  const ground = { config, names, network, cluster, loadBalancer, tags };
  const own = resources ? await makeOwnResources(resources, ground, collected) : nothingReturned;

  const volumes = await createVolumes({
    ...{ config, keyArn, names, network, cluster, tags, options },
  });
  const alarmActions = alarmActionsOf(config, notifications);
  const messages = createMessages({
    ...{ config, keyArn, names, bucketNames, tags, options },
    // Where everything is watched, an alarm for many tells of dead letters, too.
    alarmActions: config.alarms === false ? alarmActions : [],
  });
  const registries = createAddresses({ config, names, network, tags, options });
  const scheduleFailures = createScheduleFailures({ config, names, alarmActions, tags, options });
  const made = { ...ground, own, used, volumes, messages, registries, scheduleFailures };
  const services = [...createServices({ ...made, release, registry, balancers, options })];
  const pipeline =
    config.pipeline &&
    createPipeline(config.pipeline, {
      ...{ config, names, registry, cluster, network, balancers, notifications, tags, options },
      services: Object.fromEntries(services),
      ownLookups: own.lookups,
      requestLogs,
    });
  const { dashboardUrl } = createObservability({
    ...{ config, names, cluster, balancers, data, messages, pipeline, alarmActions, tags, options },
    services,
  });
  const pullRequestRoleArn =
    config.pullRequests &&
    createPullRequests(config.pullRequests, {
      ...{ config, names, cluster, tags, options, pipeline },
      ownLookups: own.lookups,
    });
  createDriftCheck({
    ...{ config, names, cluster, tags, options, pipeline, notifications, scheduleFailures },
  });
  if (hasTrail) {
    const ofAccount = cluster.clusterArn;
    createAuditTrail({
      ...{ config, keyArn, requestLogs, names, ofAccount, bucketNames, tags, options },
    });
  }
  exportLogs({ config, keyArn, requestLogs, names, collected, tags, options });
  new Protection(prefix, config.protection, collected);
  return {
    serviceUrls: Object.fromEntries(
      services.flatMap(([name, made]) =>
        "url" in made && made.url ? [[name, made.url] as const] : [],
      ),
    ),
    ...(pipeline ? { pipelineUrl: pipeline.pipelineUrl } : {}),
    ...(dashboardUrl ? { dashboardUrl } : {}),
    ...(pullRequestRoleArn ? { pullRequestRoleArn } : {}),
    clusterName: cluster.clusterName,
    repositoryUrls: registry.repositoryUrls,
    release: release?.id ?? "bootstrap",
  };
}

/**
 * Hosts have one architecture, and images run on no other: changed under a release that runs, its tasks would find no host,
 * and the next release none before `pulumi up`. Fargate runs each service on what its image was built for.
 * @throws RunError with the way around, before anything is registered.
 */
function refuseOtherHosts({ cluster, services }: EnvironmentConfig, release?: Release): void {
  if (cluster.capacity !== "ec2") return;
  const [{ architecture: hosts }] = Object.values(services);
  for (const service of Object.keys(services)) {
    const image = releasedImage(service, { release });
    if (image?.architecture === undefined || image.architecture === hosts) continue;
    throw new pulumi.RunError(
      `services.${service}.architecture is ${hosts}, and release ${release?.id}, which runs, was built for ` +
        `${image.architecture}: with cluster.capacity ec2 no host could run it. Nothing was changed. Set ` +
        `cluster.capacity: fargate and run pulumi up, release for ${hosts}, then set cluster.capacity: ec2 again.`,
    );
  }
}

/**
 * Without any way out, of the network or by `egress`, no task pulls the placeholder, which is public; images of the environment's own
 * repositories come by its endpoints.
 * @throws ConfigError before anything is registered.
 */
function refuseUnreachablePlaceholder(config: EnvironmentConfig, release?: Release): void {
  const { network, services, stack } = config;
  const isClosed =
    network.mode === "create" && network.nat === "none" && !tasksNeedPublicIp(network);
  const faults = Object.entries(services)
    .filter(([name, service]) => {
      if (service.bootstrap !== "placeholder" || releasedImage(name, { release })) return false;
      return isClosed || isKeptIn(service, config);
    })
    .map(([name]) => ({
      path: `gantry:services.${name}.bootstrap`,
      given: "placeholder, a public image that tasks without a way out cannot pull",
      allowed: `build until its first release, where ${isClosed ? "network.nat is none" : "egress lets it reach no registry"}`,
      fix: `set bootstrap: build, or ${isClosed ? "network.nat: single" : "egress: all"} until the first release runs`,
    }));
  if (faults.length > 0) throw new ConfigError(stack, faults);
}

/** The role that receives what was verified here pulls it from here, where it is another account's. */
function otherAccounts({ name, pipeline }: EnvironmentConfig): PullerArgs[] {
  const { account, stack } = pipeline?.promoteTo ?? {};
  return account && stack
    ? [{ accountId: account, roleName: environmentNames({ name, stack }).receiveRole }]
    : [];
}

function networkArgs(
  { network, logs }: EnvironmentConfig,
  names: EnvironmentNames,
  tags: Tags,
): NetworkArgs {
  if (network.mode === "existing") {
    const { vpcId, publicSubnetIds, privateSubnetIds, natAddresses } = network;
    return { mode: "existing", vpcId, publicSubnetIds, privateSubnetIds, natAddresses };
  }
  const { cidr, zones, nat, ipv6, interfaceEndpoints } = network;
  const flowLogs = network.flowLogs && {
    logGroupName: names.flowLogGroup,
    retentionDays: logs.retentionDays,
  };
  return { mode: "create", cidr, zones, nat, ipv6, interfaceEndpoints, flowLogs, tags };
}

function capacity({ cluster, services }: EnvironmentConfig, network: Network): Capacity {
  switch (cluster.capacity) {
    case "fargate":
      return { type: "fargate" };
    case "fargateSpot": {
      const { onDemandBase, onDemandWeight, spotWeight } = cluster;
      return { type: "fargateSpot", onDemandBase, onDemandWeight, spotWeight };
    }
    case "ec2": {
      const [{ architecture }] = Object.values(services);
      const { instanceType, minInstances, maxInstances, targetCapacityPercent } = cluster.ec2;
      const instances = { instanceType, minInstances, maxInstances, targetCapacityPercent };
      return { type: "ec2", ...instances, architecture, network };
    }
  }
}
