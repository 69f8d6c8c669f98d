import type * as pulumi from "@pulumi/pulumi";
import { EcsCluster, LoadBalancer, Network, Registry } from "../components";
import type { Capacity } from "../components/ecsCluster";
import type { NetworkArgs } from "../components/network";
import type { DomainArgs } from "../components/service/certificate";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentConfig } from "./config";
import { environmentNames, type EnvironmentNames } from "./names";
import type { Release } from "./manifest";
import { createPipeline } from "./pipeline";
import { createService, type ServiceContext } from "./service";

/** What every stack tells: people, the other environment, delivery. */
export interface EnvironmentOutputs {
  /** By web service: where it is reached. */
  readonly serviceUrls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where the pipeline is in AWS's console; absent where config has none. */
  readonly pipelineUrl?: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  /** By service: where its images are. */
  readonly repositoryUrls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Id of the release that runs, or `bootstrap` before the first. */
  readonly release: string;
}

/** Staging, production, or any further stack: everything that an environment is, from its config and its release. */
export function createEnvironment(
  config: EnvironmentConfig,
  release: Release | undefined,
): EnvironmentOutputs {
  const names = environmentNames(config);
  const { prefix } = names;
  const tags = { "gantry:name": config.name, "gantry:stack": config.stack };
  // What holds data or a name that people know; services come and go.
  const kept = { protect: config.protection };

  const network = new Network(prefix, networkArgs(config, names, tags), kept);
  const registry = new Registry(
    prefix,
    {
      environment: config.stack,
      repositories: byService(config, names.repository),
      keepReleases: config.registry.keepReleases,
      pullAccountIds: otherAccounts(config),
      forceDelete: !config.protection,
      tags,
    },
    kept,
  );
  const cluster = new EcsCluster(
    prefix,
    {
      clusterName: names.cluster,
      capacity: capacity(config, network),
      containerInsights: config.cluster.containerInsights,
      execLog: { logGroupName: names.execLogGroup, retentionDays: config.logs.retentionDays },
      tags,
    },
    kept,
  );
  const loadBalancer = hosts(config)
    ? new LoadBalancer(prefix, loadBalancerArgs(config, network, tags), kept)
    : undefined;

  const context: ServiceContext = {
    config,
    names,
    release,
    network,
    registry,
    cluster,
    loadBalancer,
    tags,
  };
  const services = Object.keys(config.services).map(
    (name) => [name, createService(name, context)] as const,
  );
  const pipeline =
    config.pipeline &&
    createPipeline(config.pipeline, {
      ...{ config, names, registry, cluster, tags },
      services: Object.fromEntries(services),
    });
  return {
    serviceUrls: Object.fromEntries(
      services.flatMap(([name, { url }]) => (url ? [[name, url] as const] : [])),
    ),
    ...(pipeline ? { pipelineUrl: pipeline.pipelineUrl } : {}),
    clusterName: cluster.clusterName,
    repositoryUrls: registry.repositoryUrls,
    release: release?.id ?? "bootstrap",
  };
}

/** The account that gets what was verified here pulls it from here, where it is another one. */
function otherAccounts({ pipeline }: EnvironmentConfig): string[] {
  return pipeline?.promoteTo?.account ? [pipeline.promoteTo.account] : [];
}

function networkArgs(
  { network, logs }: EnvironmentConfig,
  names: EnvironmentNames,
  tags: Tags,
): NetworkArgs {
  if (network.mode === "existing") {
    const { vpcId, publicSubnetIds, privateSubnetIds } = network;
    return { mode: "existing", vpcId, publicSubnetIds, privateSubnetIds };
  }
  const { cidr, zones, nat, interfaceEndpoints } = network;
  const flowLogs = network.flowLogs && {
    logGroupName: names.flowLogGroup,
    retentionDays: logs.retentionDays,
  };
  return { mode: "create", cidr, zones, nat, interfaceEndpoints, flowLogs, tags };
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
      return { type: "ec2", ...cluster.ec2, architecture, network };
    }
  }
}

/** The hosts that services are routed by; undefined where no service is on the web. */
function hosts({ services }: EnvironmentConfig): string[] | undefined {
  const web = Object.values(services).flatMap((service) =>
    service.kind === "web" ? [service.route.hosts] : [],
  );
  return web.length > 0 ? web.flat() : undefined;
}

function loadBalancerArgs(config: EnvironmentConfig, network: Network, tags: Tags) {
  const { domain: given, ...rest } = config.loadBalancer;
  const domain: DomainArgs | undefined = given && { ...given, alternativeNames: hosts(config) };
  return { ...rest, domain, network, deletionProtection: config.protection, tags };
}

function byService<T>(config: EnvironmentConfig, value: (service: string) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(config.services).map((name) => [name, value(name)]));
}
