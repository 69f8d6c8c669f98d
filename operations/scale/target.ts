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

/** How a service scales. */
export interface Scaling extends TaskCount {
  /** Whether policies and schedules add no task at the moment. */
  readonly isSuspended: boolean;
}

/** Between how many tasks a service scales; undefined where nothing scales it. */
export async function scalingLimits(
  autoScaling: AutoScaling,
  names: EnvironmentNames,
  service: string,
): Promise<Scaling | undefined> {
  const { ScalableTargets: [found] = [] } = await autoScaling.send(
    new DescribeScalableTargetsCommand({ ...dimension, ResourceIds: [resourceId(names, service)] }),
  );
  if (!found) return undefined;
  const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: state = {} } = found;
  const { DynamicScalingOutSuspended, ScheduledScalingSuspended } = state;
  const isSuspended = DynamicScalingOutSuspended === true && ScheduledScalingSuspended === true;
  return { min, max, isSuspended };
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

/**
 * Has policies and schedules leave the number of tasks alone, or set it again. Application Auto Scaling brings that number between the
 * limits with this call as well ("RegisterScalableTarget"), so it is made while there are tasks.
 */
export async function suspendScaling(
  autoScaling: AutoScaling,
  names: EnvironmentNames,
  service: string,
  isSuspended: boolean,
): Promise<void> {
  await autoScaling.send(
    new RegisterScalableTargetCommand({
      ...{ ...dimension, ResourceId: resourceId(names, service) },
      SuspendedState: {
        DynamicScalingInSuspended: isSuspended,
        DynamicScalingOutSuspended: isSuspended,
        ScheduledScalingSuspended: isSuspended,
      },
    }),
  );
}

function resourceId(names: EnvironmentNames, service: string): string {
  return `service/${names.cluster}/${names.service(service)}`;
}
