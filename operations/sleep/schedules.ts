import {
  GetScheduleCommand,
  ListSchedulesCommand,
  ScheduleState,
  SchedulerClient,
  UpdateScheduleCommand,
  type ScheduleSummary,
} from "@aws-sdk/client-scheduler";
import { settingsOf, telling, type CallLimits, type Credentials } from "../../delivery/clients";
import { isNamed } from "../../delivery/errors";
import { jobsOf } from "../../delivery/jobs";
import type { Target } from "../../delivery/target";

/** By itself: no deployment asks EventBridge Scheduler, and none is to load its client. Arguments are those of `makeClients`. */
export function makeScheduler(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  limits?: CallLimits,
): SchedulerClient {
  return telling(new SchedulerClient(settingsOf(region, credentials, endpoint, limits)));
}

type Scheduler = Pick<SchedulerClient, "send">;

/** What starts a job by the clock. */
export interface JobSchedule {
  /** As config calls it. */
  readonly job: string;
  /** Of the schedule, with its group: `default/shop-staging-report-schedule-1a2b3c4`. */
  readonly name: string;
}

/** The schedules of an environment's jobs that are on: they are known by the state machine that they start. */
export async function schedulesOn(
  scheduler: Scheduler,
  { config, names }: Pick<Target, "config" | "names">,
): Promise<JobSchedule[]> {
  const machines = new Map(jobsOf(config).map((job) => [names.service(job), job]));
  const found: JobSchedule[] = [];
  let NextToken: string | undefined;
  // Without a job there is nothing to ask for.
  while (machines.size > 0) {
    const page = await scheduler.send(
      new ListSchedulesCommand({ State: ScheduleState.ENABLED, MaxResults: 100, NextToken }),
    );
    found.push(...(page.Schedules ?? []).flatMap((one) => ofJob(one, machines)));
    NextToken = page.NextToken;
    if (!NextToken) break;
  }
  return found;
}

function ofJob(
  { Name, GroupName, Target: target }: ScheduleSummary,
  machines: ReadonlyMap<string, string>,
): JobSchedule[] {
  const machine = /:states:[^:]*:\d+:stateMachine:([^:]+)$/.exec(target?.Arn ?? "")?.[1];
  const job = machine === undefined ? undefined : machines.get(machine);
  return job === undefined ? [] : [{ job, name: `${GroupName}/${Name}` }];
}

/**
 * Turns a schedule on or off, and changes nothing else of it.
 * @param name with its group.
 * @returns false where there is none of that name any more.
 */
export async function turnSchedule(
  scheduler: Scheduler,
  name: string,
  state: ScheduleState,
): Promise<boolean> {
  const [GroupName, Name] = name.split("/");
  try {
    const { State, ...schedule } = await scheduler.send(
      new GetScheduleCommand({ GroupName, Name }),
    );
    if (State === state) return true;
    // What is not given again is taken back to its default ("UpdateSchedule", EventBridge Scheduler API reference).
    const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate } = schedule;
    const { Description, KmsKeyArn, Target: target, FlexibleTimeWindow } = schedule;
    await scheduler.send(
      new UpdateScheduleCommand({
        ...{ GroupName, Name, State: state },
        ...{ ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate },
        ...{ Description, KmsKeyArn, Target: target, FlexibleTimeWindow },
        ActionAfterCompletion: schedule.ActionAfterCompletion,
      }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return false;
    throw error;
  }
}
