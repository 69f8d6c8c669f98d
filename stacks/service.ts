import { join, relative } from "node:path";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  Service,
  type EcsCluster,
  type Network,
  type Registry,
  type ScheduleFailures,
  type VolumeSource,
} from "../components";
import { builtImage } from "../components/service/builtImage";
import { jobPlaceholder, placeholder } from "../components/service/placeholder";
import type { ContainerImage } from "../components/service/taskDefinition";
import type { Tags } from "../components/shared/tags";
import type { Registries } from "./addresses";
import { callVariables } from "./config/addresses";
import { sideOf } from "./config/sides";
import { dockerfilePath, type EnvironmentConfig, type ServiceConfig } from "./config";
import type { HostedServiceConfig } from "./config/types";
import type { EnvironmentNames } from "../contract/names";
import type { ReleaseImage } from "../contract/manifest";
import type { DesiredRelease } from "../contract/pointer";
import { connection } from "./calls";
import { repositoryRoot } from "../contract/repositoryRoot";
import type { Used } from "./data";
import type { LoadBalancers } from "./loadBalancers";
import { backlogOf, messagesOf, type Messages } from "./messages";
import type { Returned } from "./resources/returned";
import { nothing, taken, together } from "./resources/taken";
import { mounted } from "./volumes";
import { egressOf } from "./egress";
import { containers } from "./sidecars";
import { alarmsOf } from "./alarms";
import { deploymentOf } from "./deployment";

/** The parts of an environment that its services stand on. */
export interface ServiceContext {
  readonly config: EnvironmentConfig;
  /** What the team's own resources returned. */
  readonly own: Returned;
  /** What comes with the things that services use, by service. */
  readonly used: Used;
  /** What the services' volumes are of, by name. */
  readonly volumes: Readonly<Record<string, VolumeSource>>;
  readonly names: EnvironmentNames;
  readonly release: DesiredRelease | undefined;
  readonly messages: Messages;
  readonly registries: Registries;
  readonly network: Network;
  readonly registry: Registry;
  readonly cluster: EcsCluster;
  readonly balancers: LoadBalancers;
  /** Where schedules put what they could not start. Undefined where there are none. */
  readonly scheduleFailures: Pick<ScheduleFailures, "queueArn"> | undefined;
  readonly tags: Tags;
  /** The services that were made before, by name. */
  readonly made: ReadonlyMap<string, Service>;
  readonly options: pulumi.ComponentResourceOptions;
}

/** The service that config calls `name`, on the image that the release says. */
export function createService(
  name: string,
  service: HostedServiceConfig,
  context: ServiceContext,
): Service {
  const { config, names, cluster, options } = context;
  const logicalName = names.service(name);
  const { spot } = service;
  const deployment = deploymentOf(service, config, context.release);
  const scaling = { ...service.scaling, backlog: backlogOf(name, service, context.messages) };
  const common = {
    ...commonTask(name, context),
    ...{ deployment, scaling, spot, ...alarmsOf(service, config) },
    serviceName: names.service(name),
    // A service may bear a name that every object has, such as `constructor`.
    registryArn: Object.hasOwn(context.registries, name) ? context.registries[name] : undefined,
    transform: config.pipeline?.deploy === "ecs" ? { taskDefinition: tracked } : undefined,
  };
  const connect = connection(name, context);
  if (service.kind === "worker") {
    return new Service(logicalName, { ...common, kind: "worker", connect }, options);
  }
  if (service.kind === "private") {
    const { kind, port } = service;
    const called = { namespaceArn: cluster.namespaceArn, ...connect, alias: name };
    return new Service(logicalName, { ...common, kind, port, connect: called }, options);
  }
  const { port, route, healthCheck, drainSeconds } = service;
  const web = {
    ...common,
    kind: "web",
    port,
    route,
    healthCheck,
    drainSeconds,
    connect,
    // Before the first release nobody is served, and a first release may have to come before anything is healthy.
    cutover: context.release ? "whenHealthy" : "atOnce",
    loadBalancer: context.balancers[sideOf(service, config)],
  } as const;
  return new Service(logicalName, web, options);
}

/** What a task is, of whatever kind, from the config of the service that is called `name`. */
export function commonTask(name: string, context: ServiceContext) {
  const { config, names, network, registry, cluster, tags } = context;
  const service = config.services[name];
  const domain = service.kind === "job" ? names.domain : undefined;
  const calls = { ...nothing, environment: callVariables(name, config.services, domain) };
  const given = together(calls, together(context.used[name], messagesOf(name, context.messages)));
  return {
    ...shared(service),
    ...taken(name, service, context.own, config, given),
    ...containers(name, context),
    egress: egressOf(name, context),
    volumes: mounted(service, context.volumes),
    // The image that runs was built for another one before config changed: it keeps its own until the next release.
    architecture: releasedImage(name, context)?.architecture ?? service.architecture,
    taskFamily: names.taskFamily(name),
    image: serviceImage(name, context),
    repositoryArn: registry.repositoryArns[name],
    logs: { logGroupName: names.logGroup(name), retentionDays: config.logs.retentionDays },
    ...{ cluster, network, tags },
  };
}

/**
 * CodePipeline's ECS action registers revisions too: a refresh takes the newest over, so that Pulumi keeps it. They bear
 * no tags, since AWS does not promise that the action copies them; tasks have those of their service.
 */
const tracked = (given: aws.ecs.TaskDefinitionArgs): aws.ecs.TaskDefinitionArgs => ({
  ...given,
  tags: undefined,
  trackLatest: true,
});

function shared(service: ServiceConfig) {
  const { cpu, memoryMiB, architecture } = service;
  const { stopTimeoutSeconds, exec, readonlyRootFilesystem, user, capabilities } = service;
  const { ephemeralStorageGiB, ulimits, initProcess, shmSizeMiB, writablePaths } = service;
  return {
    ...{ cpu, memoryMiB, architecture },
    ...{ stopTimeoutSeconds, exec, readonlyRootFilesystem, user, capabilities },
    ...{ ephemeralStorageGiB, ulimits, initProcess, shmSizeMiB, writablePaths },
  };
}

/** What the release has of a service; undefined where it has none. */
export function releasedImage(
  name: string,
  { release }: Pick<ServiceContext, "release">,
): ReleaseImage | undefined {
  const images = release?.images ?? {};
  // A service may bear a name that every object has, such as `constructor`.
  return Object.hasOwn(images, name) ? images[name] : undefined;
}

/**
 * What a service runs: the release's image, by digest, from the environment's own repository. A service that no release
 * has had yet runs its bootstrap image.
 */
function serviceImage(
  name: string,
  { config, names, registry, release }: ServiceContext,
): ContainerImage {
  const service = config.services[name];
  const repositoryUrl = registry.repositoryUrls[name];
  const released = releasedImage(name, { release });
  if (released) {
    return { uri: pulumi.interpolate`${repositoryUrl}@${released.digest}`, ...started(service) };
  }
  if (service.bootstrap === "placeholder" || service.build === undefined) {
    return waiting(service);
  }
  const { context, target, args } = service.build;
  const dockerfile = dockerfilePath(service.build);
  const image = {
    ...{ context: fromProject(context), dockerfile: fromProject(dockerfile) },
    ...{ target, repositoryUrl, architecture: service.architecture, buildArgs: args },
  };
  const built = builtImage(names.service(name), image, registry);
  return { ...built, ...started(service) };
}

/** What runs before the first release, and answers as the service will. */
function waiting(service: ServiceConfig): ContainerImage {
  switch (service.kind) {
    case "web":
      return placeholder(service.port, service.route.protocol);
    case "private":
      return placeholder(service.port, service.protocol === "tcp" ? "http1" : service.protocol);
    case "worker":
      return placeholder();
    case "job":
      return jobPlaceholder();
  }
}

/** A path of the repository from where the program runs: full ones would differ between the machines that share a state. */
function fromProject(path: string): string {
  const here = process.cwd();
  return relative(here, join(repositoryRoot(here), path)) || ".";
}

/** How config says that the image is started, as a task definition calls it. */
function started({ entrypoint, command }: ServiceConfig) {
  return { entryPoint: entrypoint, command };
}
