import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  Service,
  type EcsCluster,
  type LoadBalancer,
  type Network,
  type Registry,
} from "../components";
import { builtImage } from "../components/service/builtImage";
import { placeholder } from "../components/service/placeholder";
import type { ContainerImage } from "../components/service/taskDefinition";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentConfig, ServiceConfig } from "./config";
import type { EnvironmentNames } from "./names";
import type { Release } from "./manifest";

/** The parts of an environment that its services stand on. */
export interface ServiceContext {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly release: Release | undefined;
  readonly network: Network;
  readonly registry: Registry;
  readonly cluster: EcsCluster;
  /** Absent where no service is on the web. */
  readonly loadBalancer: LoadBalancer | undefined;
  readonly tags: Tags;
}

/** The service that config calls `name`, on the image that the release says. */
export function createService(name: string, context: ServiceContext): Service {
  const { config, names, network, registry, cluster, tags } = context;
  const service = config.services[name];
  const logicalName = names.service(name);
  const common = {
    ...shared(service),
    serviceName: names.service(name),
    taskFamily: names.taskFamily(name),
    image: serviceImage(name, context),
    repositoryArn: registry.repositoryArns[name],
    logs: { logGroupName: names.logGroup(name), retentionDays: config.logs.retentionDays },
    cluster,
    network,
    tags,
    transform: config.pipeline?.deploy === "ecs" ? { taskDefinition: tracked } : undefined,
  };
  if (service.kind === "worker") {
    return new Service(logicalName, { ...common, kind: "worker" });
  }
  const { port, route, healthCheck, drainSeconds } = service;
  return new Service(logicalName, {
    ...common,
    kind: "web",
    port,
    route,
    healthCheck,
    drainSeconds,
    loadBalancer: context.loadBalancer,
  });
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
  const { cpu, memoryMiB, architecture, scaling, environment, secrets, permissions } = service;
  const { stopTimeoutSeconds, exec, readonlyRootFilesystem, user } = service;
  return {
    ...{ cpu, memoryMiB, architecture, scaling, environment, secrets, permissions },
    ...{ stopTimeoutSeconds, exec, readonlyRootFilesystem, user },
  };
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
  const images = release?.images ?? {};
  // A service may bear a name that every object has, such as `constructor`.
  const released = Object.hasOwn(images, name) ? images[name] : undefined;
  if (released) {
    return {
      uri: pulumi.interpolate`${repositoryUrl}@${released.digest}`,
      command: service.command,
    };
  }
  if (service.bootstrap === "placeholder") {
    return placeholder(service.kind);
  }
  const { path: context, architecture } = service;
  const built = builtImage(names.service(name), { context, repositoryUrl, architecture }, registry);
  return { ...built, command: service.command };
}
