import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  Service,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";

/** What the log stream of a release command begins with, beside the service's own. */
export const releaseStreamPrefix = "release";

export interface ReleaseTask {
  readonly family: string;
  /** `<repository>@<digest>`. */
  readonly image: string;
  readonly command: readonly string[];
  /** Variables that differ from the service's own: where what it calls is. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User of the service's process, where config names one. Default: the image's own. */
  readonly user?: string;
}

/**
 * The service's task definition with the release's image and the command: the same roles, secrets, network and size.
 * @param current what the service runs; before the first release, the placeholder with a user of its own.
 */
export function releaseTaskDefinition(
  current: TaskDefinition,
  task: ReleaseTask,
): RegisterTaskDefinitionCommandInput {
  const containers = withoutRouter(awaitedContainers(current.containerDefinitions ?? []));
  return {
    family: task.family,
    taskRoleArn: current.taskRoleArn,
    executionRoleArn: current.executionRoleArn,
    networkMode: current.networkMode,
    containerDefinitions: containers.map((container) =>
      container.name === appContainer ? releaseContainer(container, task) : container,
    ),
    volumes: current.volumes,
    placementConstraints: current.placementConstraints,
    requiresCompatibilities: current.requiresCompatibilities,
    cpu: current.cpu,
    memory: current.memory,
    pidMode: current.pidMode,
    ipcMode: current.ipcMode,
    proxyConfiguration: current.proxyConfiguration,
    ephemeralStorage: current.ephemeralStorage,
    runtimePlatform: current.runtimePlatform,
  };
}

/**
 * The service's own container and what it waits for, and what that waits for: a proxy that the command needs, too. Other sidecars
 * would wait for a container that is another program now.
 */
function awaitedContainers(containers: readonly ContainerDefinition[]): ContainerDefinition[] {
  const awaited = new Set([appContainer]);
  for (const name of awaited) {
    const { dependsOn = [] } = containers.find((each) => each.name === name) ?? {};
    for (const { containerName } of dependsOn) if (containerName) awaited.add(containerName);
  }
  return containers.filter(({ name }) => name !== undefined && awaited.has(name));
}

/**
 * Without a log router, and with the service's own container logging to where the router itself does: the end of the command's log is
 * read from there, and a router that nothing logs by is refused by ECS.
 */
function withoutRouter(containers: readonly ContainerDefinition[]): ContainerDefinition[] {
  const router = containers.find(({ firelensConfiguration }) => firelensConfiguration);
  if (!router) return [...containers];
  return containers
    .filter((each) => each !== router)
    .map((container) => ({
      ...container,
      dependsOn: container.dependsOn?.filter(({ containerName }) => containerName !== router.name),
      logConfiguration:
        container.logConfiguration?.logDriver === "awsfirelens"
          ? router.logConfiguration
          : container.logConfiguration,
    }));
}

function releaseContainer(container: ContainerDefinition, task: ReleaseTask): ContainerDefinition {
  const { logConfiguration } = container;
  return {
    ...container,
    image: task.image,
    command: [...task.command],
    user: task.user,
    ...overridden(container, task),
    // It is of the service's own process.
    healthCheck: undefined,
    ...(logConfiguration
      ? {
          logConfiguration: {
            ...logConfiguration,
            options: {
              ...logConfiguration.options,
              ...(logConfiguration.logDriver === "awslogs"
                ? { "awslogs-stream-prefix": releaseStreamPrefix }
                : {}),
            },
          },
        }
      : {}),
  };
}

function overridden(
  { environment: own = [] }: ContainerDefinition,
  { environment = {} }: ReleaseTask,
): Pick<ContainerDefinition, "environment"> {
  const given = Object.entries(environment).map(([name, value]) => ({ name, value }));
  if (given.length === 0) return {};
  const others = own.filter(({ name = "" }) => !Object.hasOwn(environment, name));
  return { environment: [...others, ...given] };
}

/**
 * Where a one-off task of a service runs. On Fargate always on demand: a migration that Spot takes the machine from
 * half-way is worth more than what it saves.
 */
export function placement({
  launchType,
  capacityProviderStrategy = [],
  platformVersion,
}: Service): Pick<Service, "launchType" | "capacityProviderStrategy" | "platformVersion"> {
  const fargate =
    launchType === "FARGATE" ||
    capacityProviderStrategy.some(({ capacityProvider = "" }) =>
      capacityProvider.startsWith("FARGATE"),
    );
  if (fargate) return { launchType: "FARGATE", ...(platformVersion ? { platformVersion } : {}) };
  return capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : { launchType };
}
