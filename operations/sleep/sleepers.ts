import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { UpdateServiceCommand, type ECSClient } from "@aws-sdk/client-ecs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { ScheduleState, type SchedulerClient } from "@aws-sdk/client-scheduler";
import type { EnvironmentNames } from "../../contract/names";
import type { DescribedServices } from "../../delivery/deploy/ecs";
import { isNamed } from "../../delivery/errors";
import type { Sleep } from "../../delivery/ledger";
import { scalingLimits, suspendScaling, type Scaling } from "../scale/target";
import { turnSchedule } from "./schedules";

/** Whom falling asleep and waking asks, beside the ledger. */
export interface SleepClients {
  readonly ecs: ECSClient;
  readonly ssm: Pick<SSMClient, "send">;
  readonly autoScaling: Pick<ApplicationAutoScalingClient, "send">;
  readonly scheduler: Pick<SchedulerClient, "send">;
}

/** A service that ECS has. */
export interface Sleeper {
  /** As config calls it. */
  readonly service: string;
  /** Tasks that shall run. */
  readonly tasks: number;
  /** Absent where nothing scales it. */
  readonly scaling?: Scaling;
}

/** The services of an environment, with how many tasks each shall have and what sets that number. */
export async function sleepersOf(
  autoScaling: SleepClients["autoScaling"],
  names: EnvironmentNames,
  described: DescribedServices,
): Promise<Sleeper[]> {
  return Promise.all(
    Object.entries(described).map(async ([service, { desiredCount = 0 }]) => {
      const scaling = await scalingLimits(autoScaling, names, service);
      return { service, tasks: desiredCount, ...(scaling ? { scaling } : {}) };
    }),
  );
}

/** A service in the ledger: `web 2`, or `web 2 suspended` where its scaling was suspended by somebody else before. */
export function sleeperText({ service, tasks, scaling }: Sleeper): string {
  return `${service} ${tasks}${scaling?.isSuspended ? " suspended" : ""}`;
}

/** The service, its tasks, and whether it scales again, of what {@link sleeperText} wrote. */
export function wakerOf(text: string) {
  const [service, tasks, suspended] = text.split(" ");
  return { service, tasks: Number(tasks), scales: suspended === undefined };
}

/** Whether a service has no task and gets none. */
export function isAsleep({ tasks, scaling }: Sleeper): boolean {
  return tasks === 0 && scaling?.isSuspended !== false;
}

/** Stops every task of a service, and has nothing start one again. ECS begins no deployment for that. */
export async function putToSleep(
  { ecs, autoScaling }: SleepClients,
  names: EnvironmentNames,
  { service, tasks, scaling }: Sleeper,
): Promise<void> {
  if (scaling?.isSuspended === false) await suspendScaling(autoScaling, names, service, true);
  // Suspended, a service that had no task may have got as many as it has at least.
  if (tasks > 0 || scaling) await setTasks(ecs, names, service, 0);
}

/**
 * Gives back to services and schedules what they had.
 * @param log is told what is there no more.
 */
export async function bringBack(
  { ecs, autoScaling, scheduler }: SleepClients,
  names: EnvironmentNames,
  { services, schedules }: Pick<Sleep, "services" | "schedules">,
  log: (line: string) => void,
): Promise<void> {
  for (const { service, tasks, scales } of services.map(wakerOf)) {
    if (!(await setTasks(ecs, names, service, tasks))) {
      log(`${service}: ECS does not know it any more, so it is left out`);
      continue;
    }
    const scaling = await scalingLimits(autoScaling, names, service);
    if (scales && scaling?.isSuspended) await suspendScaling(autoScaling, names, service, false);
  }
  for (const name of schedules) {
    const isThere = await turnSchedule(scheduler, name, ScheduleState.ENABLED);
    if (!isThere) log(`${name}: there is no such schedule any more, so it is left out`);
  }
}

/** @returns false where ECS has no such service. */
async function setTasks(
  ecs: SleepClients["ecs"],
  { cluster, service: nameOf }: EnvironmentNames,
  service: string,
  desiredCount: number,
): Promise<boolean> {
  try {
    await ecs.send(new UpdateServiceCommand({ cluster, service: nameOf(service), desiredCount }));
    return true;
  } catch (error) {
    const isGone = [
      "ClusterNotFoundException",
      "ServiceNotFoundException",
      "ServiceNotActiveException",
    ].some((name) => isNamed(error, name));
    if (isGone) return false;
    throw error;
  }
}
