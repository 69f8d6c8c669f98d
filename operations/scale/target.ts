import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import type { EnvironmentNames } from "../../contract/names";
import { settingsOf, telling, type CallLimits, type Credentials } from "../../delivery/clients";
import type { TaskCount } from "./count";

/** By itself: no deployment asks Application Auto Scaling, and none is to load its client. Arguments are those of `makeClients`. */
export function makeAutoScaling(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  limits?: CallLimits,
): ApplicationAutoScalingClient {
  return telling(
    new ApplicationAutoScalingClient(settingsOf(region, credentials, endpoint, limits)),
  );
}

type AutoScaling = Pick<ApplicationAutoScalingClient, "send">;

const dimension = {
  ServiceNamespace: "ecs",
  ScalableDimension: "ecs:service:DesiredCount",
} as const;

/** Between how many tasks a service scales; undefined where nothing scales it. */
export async function scalingLimits(
  autoScaling: AutoScaling,
  names: EnvironmentNames,
  service: string,
): Promise<TaskCount | undefined> {
  const { ScalableTargets: [found] = [] } = await autoScaling.send(
    new DescribeScalableTargetsCommand({ ...dimension, ResourceIds: [resourceId(names, service)] }),
  );
  return found && { min: found.MinCapacity ?? 0, max: found.MaxCapacity ?? 0 };
}

/** Application Auto Scaling starts or stops tasks at once where there are fewer or more ("RegisterScalableTarget"). */
export async function setScalingLimits(
  autoScaling: AutoScaling,
  names: EnvironmentNames,
  service: string,
  { min, max }: TaskCount,
): Promise<void> {
  await autoScaling.send(
    new RegisterScalableTargetCommand({
      ...{ ...dimension, ResourceId: resourceId(names, service) },
      ...{ MinCapacity: min, MaxCapacity: max },
    }),
  );
}

function resourceId(names: EnvironmentNames, service: string): string {
  return `service/${names.cluster}/${names.service(service)}`;
}
