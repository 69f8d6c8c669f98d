import type * as sdk from "@aws-sdk/client-ecs";
import type * as pulumi from "@pulumi/pulumi";
import { shiftingStrategies, shiftMinutes } from "../../contract/deploymentStrategy";
import { strategyNames } from "./deployment";
import type { ServiceTasks } from "./taskProtection";

/** What a hook of an ECS service is told of it, as far as it matters to shifts. */
export interface HookedService {
  readonly of: ServiceTasks;
  readonly configuration: Configuration;
  readonly balancer?: Balancer;
  readonly connect?: Connect;
}

interface Configuration {
  readonly strategy?: string;
  readonly bakeTimeInMinutes?: string;
  readonly canaryConfiguration?: { canaryPercent?: number; canaryBakeTimeInMinutes?: string };
  readonly linearConfiguration?: { stepPercent?: number; stepBakeTimeInMinutes?: string };
  readonly lifecycleHooks?: readonly {
    readonly targetType?: string;
    readonly lifecycleStages: readonly string[];
    readonly timeoutConfiguration?: { timeoutInMinutes?: string; action?: string };
  }[];
}

export interface Balancer {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly advancedConfiguration?: {
    readonly alternateTargetGroupArn: string;
    readonly productionListenerRule: string;
    readonly testListenerRule: string;
    readonly roleArn: string;
  };
}

interface Connect {
  readonly enabled: boolean;
  readonly namespace?: string;
  readonly services?: readonly ({ readonly clientAlias?: ClientAlias[] } & Connected)[];
}

type Connected = Omit<sdk.ServiceConnectService, "clientAliases">;
type ClientAlias = sdk.ServiceConnectClientAlias;

/** How it is called, as the API takes it. */
export function connectRequest({
  enabled,
  namespace,
  services = [],
}: Connect): sdk.ServiceConnectConfiguration {
  return {
    enabled,
    namespace,
    services: services.map(({ clientAlias, ...service }) => ({
      ...service,
      clientAliases: clientAlias?.map(({ testTrafficRules, ...alias }) => ({
        ...alias,
        // Pulumi's provider has a list where the API has one.
        testTrafficRules: [testTrafficRules ?? []].flat().at(0),
      })),
    })),
  };
}

type Inputs = pulumi.ResourceHookArgs["newInputs"];

/** What the inputs of a service say; undefined where it was or will be none. */
export function hookedService(inputs: Inputs): HookedService | undefined {
  if (inputs === undefined) return undefined;
  const given = inputs as {
    readonly cluster: string;
    readonly name: string;
    readonly deploymentConfiguration?: Configuration;
    readonly loadBalancers?: readonly Balancer[];
    readonly serviceConnectConfiguration?: Connect;
  };
  return {
    of: { clusterArn: given.cluster, serviceName: given.name },
    configuration: given.deploymentConfiguration ?? {},
    balancer: given.loadBalancers?.at(0),
    connect: given.serviceConnectConfiguration,
  };
}

/** Whether its deployments shift requests, or have two sets of tasks at least. */
export function isShifting({ configuration }: HookedService): boolean {
  const { strategy = "ROLLING" } = configuration;
  return strategy !== "ROLLING";
}

/** The minutes for which a deployment goes on after somebody let it: all steps, and the bake. */
export function minutesOfShift({ configuration }: HookedService): number {
  const { bakeTimeInMinutes, canaryConfiguration, linearConfiguration } = configuration;
  const steps =
    canaryConfiguration?.canaryBakeTimeInMinutes ?? linearConfiguration?.stepBakeTimeInMinutes;
  return shiftMinutes({
    strategy:
      shiftingStrategies.find((name) => strategyNames[name] === configuration.strategy) ??
      "rolling",
    bakeMinutes: Number(bakeTimeInMinutes ?? 0),
    stepPercent: linearConfiguration?.stepPercent,
    stepMinutes: Number(steps ?? 0),
  });
}

/** A configuration as the API takes it, where Pulumi's provider has texts for numbers. */
export function requestOf({ configuration }: HookedService) {
  const { bakeTimeInMinutes, canaryConfiguration, linearConfiguration, lifecycleHooks } =
    configuration;
  const whole = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return {
    strategy: configuration.strategy as "ROLLING" | "BLUE_GREEN" | "CANARY" | "LINEAR",
    bakeTimeInMinutes: whole(bakeTimeInMinutes),
    canaryConfiguration: canaryConfiguration && {
      canaryPercent: canaryConfiguration.canaryPercent,
      canaryBakeTimeInMinutes: whole(canaryConfiguration.canaryBakeTimeInMinutes),
    },
    linearConfiguration: linearConfiguration && {
      stepPercent: linearConfiguration.stepPercent,
      stepBakeTimeInMinutes: whole(linearConfiguration.stepBakeTimeInMinutes),
    },
    lifecycleHooks: (lifecycleHooks ?? []).map(
      ({ targetType, lifecycleStages, timeoutConfiguration: timeout }) => ({
        targetType: targetType as "PAUSE",
        lifecycleStages: lifecycleStages as "POST_TEST_TRAFFIC_SHIFT"[],
        timeoutConfiguration: timeout && {
          timeoutInMinutes: whole(timeout.timeoutInMinutes),
          action: timeout.action as "ROLLBACK",
        },
      }),
    ),
  };
}
