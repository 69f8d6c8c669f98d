import {
  DescribeAlarmsCommand,
  type CloudWatchClient,
  type DescribeAlarmsCommandInput,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { Target } from "../target";

/** An alarm that fires. */
export interface FiringAlarm {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly since?: string;
  /** As CloudWatch says it: `Threshold Crossed: ...`. */
  readonly reason?: string;
  /** What it means, as whoever made it says. */
  readonly description?: string;
}

/** What the alarms that hold releases back say. */
export interface AlarmStates {
  readonly firing: readonly FiringAlarm[];
  /** Names of those without data: nobody knows whether all is well, and they hold nothing back. */
  readonly unknown: readonly string[];
}

const none: AlarmStates = { firing: [], unknown: [] };

/** What begins the ARN of an alarm's action that scales something: such an alarm fires whenever there is work. */
const scalingAction = /^arn:[^:]+:autoscaling:/;

/**
 * The states of an environment's own alarms and of those that config names beside them: one call for a hundred, and one more where
 * config names some. None where config says so.
 */
export async function alarmStates(
  cloudwatch: Pick<CloudWatchClient, "send">,
  { config, names }: Pick<Target, "config" | "names">,
): Promise<AlarmStates> {
  const given = config.pipeline?.alarms;
  if (!given) return none;
  const { firing, unknown, missing } = await statesOf(cloudwatch, names, given.also);
  return {
    firing,
    unknown: [...unknown, ...missing.map((name) => `${name} (there is no such alarm)`)],
  };
}

/** The same, whether or not they hold releases back. @param also names beside the environment's own; those that there are not are `missing`. */
export async function statesOf(
  cloudwatch: Pick<CloudWatchClient, "send">,
  { prefix }: Pick<Target["names"], "prefix">,
  also: readonly string[],
): Promise<AlarmStates & { readonly missing: readonly string[] }> {
  const alarms = await described(cloudwatch, { AlarmNamePrefix: `${prefix}--` });
  if (also.length > 0) alarms.push(...(await described(cloudwatch, { AlarmNames: [...also] })));
  return {
    ...among(alarms),
    missing: also.filter((name) => !alarms.some((alarm) => alarm.AlarmName === name)),
  };
}

/** The states of those that tell people of an environment's load, data, jobs and pipeline, and hold nothing back. */
export async function watchedStates(
  cloudwatch: Pick<CloudWatchClient, "send">,
  { prefix }: Pick<Target["names"], "prefix">,
): Promise<AlarmStates> {
  return among(await described(cloudwatch, { AlarmNamePrefix: `${prefix}.` }));
}

function among(alarms: readonly MetricAlarm[]): AlarmStates {
  const telling = alarms.filter(
    ({ AlarmActions: actions = [] }) => !actions.some((action) => scalingAction.test(action)),
  );
  const inState = (state: string) => telling.filter(({ StateValue: value }) => value === state);
  return {
    firing: inState("ALARM").map((alarm) => ({
      name: alarm.AlarmName ?? "",
      since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString(),
      reason: alarm.StateReason,
      ...(alarm.AlarmDescription ? { description: alarm.AlarmDescription } : {}),
    })),
    unknown: inState("INSUFFICIENT_DATA").map(({ AlarmName: name = "" }) => name),
  };
}

async function described(
  cloudwatch: Pick<CloudWatchClient, "send">,
  which: Pick<DescribeAlarmsCommandInput, "AlarmNames" | "AlarmNamePrefix">,
): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await cloudwatch.send(
      new DescribeAlarmsCommand({ ...which, MaxRecords: 100, NextToken }),
    );
    found.push(...(answer.MetricAlarms ?? []));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return found;
}
