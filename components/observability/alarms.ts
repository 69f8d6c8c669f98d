import type * as pulumi from "@pulumi/pulumi";
import type {
  ObservedBounds,
  PublishedMetricArgs,
  WatchedCacheArgs,
  WatchedDatabaseArgs,
  WatchedJobArgs,
  WatchedQueueArgs,
  WatchedServiceArgs,
} from "./args";
import * as of from "./catalog";
import { aboveFor, belowFor, expressionAboveFor, onAny, type ObservedAlarm } from "./metrics";

/*
 * Bounds without another source are those of "Recommended alarms" (CloudWatch user guide), or reasons stand beside them and in
 * decision 44.
 */

export type Alarms = Readonly<Record<string, ObservedAlarm>>;

/** Longer than autoscaling takes to answer: about three minutes until it decides, and a task's start. */
const loadMinutes = 15;

/** What autoscaling holds is no fault, nor what it wavers by. */
const beyondHeld = 10;

/** Alarms of what a service's tasks have: the recommended five minutes would fire at each step of autoscaling. */
export function taskAlarms(
  clusterName: pulumi.Input<string>,
  { serviceName, heldAt }: WatchedServiceArgs,
  { cpuPercent = 80, memoryPercent = 90 }: ObservedBounds,
): Alarms {
  const cpu = Math.max(cpuPercent, (heldAt?.cpuPercent ?? 0) + beyondHeld);
  const memory = Math.max(memoryPercent, (heldAt?.memoryPercent ?? 0) + beyondHeld);
  const used = of.taskMetrics(clusterName, serviceName);
  return {
    cpu: {
      ...aboveFor(loadMinutes, used.cpu, cpu),
      alarmDescription: `Tasks use more than ${cpu} % of their CPU: give them more cpu, or scaling.max`,
    },
    memory: {
      ...aboveFor(loadMinutes, used.memory, memory),
      alarmDescription: `Tasks use more than ${memory} % of their memory: at all of it they are killed`,
    },
  };
}

/** Alarms of a service's queues: what waits for too long, and what is more than its tasks get done. */
export function queueAlarms(
  queues: Readonly<Record<string, WatchedQueueArgs>>,
  { queueMinutes = 15 }: ObservedBounds,
  mostMessages?: number,
): Alarms {
  const age = Object.entries(queues).map(([name, { queueName, visibilityTimeoutSeconds = 30 }]) => {
    const seconds = queueMinutes * 60 + visibilityTimeoutSeconds;
    const alarm = {
      ...aboveFor(5, of.queueMetrics(queueName).age, seconds),
      alarmDescription: `Messages of ${name} wait longer than ${queueMinutes} min: nobody takes them, or too slowly`,
      // SQS sends no figures of a queue that nobody has used for hours.
      treatMissingData: "notBreaching",
    };
    return [`${name}.age`, alarm] as const;
  });
  const waiting = Object.fromEntries(
    Object.values(queues).map(({ queueName }, index) => [
      `queue${index + 1}`,
      of.queueMetrics(queueName).waiting,
    ]),
  );
  const all = Object.keys(waiting).map((id) => `FILL(${id}, 0)`);
  return {
    ...Object.fromEntries(age),
    ...(mostMessages === undefined || all.length === 0
      ? {}
      : {
          backlog: {
            ...expressionAboveFor(loadMinutes, waiting, {
              ...{ label: "Messages that wait", expression: all.join(" + ") },
              threshold: mostMessages,
            }),
            alarmDescription: `More than ${mostMessages} messages wait, as many as scaling.max tasks are there for`,
          },
        }),
  };
}

export function jobAlarms({ stateMachineArn }: WatchedJobArgs): Alarms {
  return {
    failedRuns: {
      ...onAny(of.runMetrics(stateMachineArn).failed),
      alarmDescription: "A run failed: its reason is in the run, and in its tasks' log",
    },
  };
}

const GiB = 1024 ** 3;

/** RDS lets storage grow at a tenth of it, so that less means that it does not, or not in time. */
const leastStorage = 0.05;

/** Aurora's instances share their storage, and follow within 100 ms ("Replication with Amazon Aurora"). */
const mostLagMs = 60_000;

export function databaseAlarms(database: WatchedDatabaseArgs): Alarms {
  const { engine, storageGiB } = database;
  const counted = of.databaseMetrics(database);
  const used = counted.acu ?? counted.cpu;
  return {
    [counted.acu ? "acu" : "cpu"]: {
      ...aboveFor(counted.acu ? loadMinutes : 5, used, 90),
      alarmDescription: counted.acu
        ? "The database uses more than 90 % of the ACUs that it may have: raise serverless.max"
        : "The database uses more than 90 % of its CPU: find the queries, or take a larger instance",
    },
    ...(counted.freeStorage && storageGiB !== undefined
      ? {
          storage: {
            ...belowFor(loadMinutes, counted.freeStorage, storageGiB * GiB * leastStorage),
            alarmDescription:
              "The database's storage is nearly full and does not grow: raise maxStorageGiB",
          },
        }
      : {}),
    ...(counted.replicaLag
      ? {
          replicaLag: {
            ...aboveFor(10, counted.replicaLag, mostLagMs),
            alarmDescription: "The standby is more than a minute behind",
          },
        }
      : {}),
    ...(engine === "postgres"
      ? {
          transactionIds: {
            ...aboveFor(5, counted.transactionIds, 1e9),
            alarmDescription:
              "Autovacuum does not keep up: at 2 billion transaction ids PostgreSQL stops writing",
          },
        }
      : {}),
  };
}

const GB = 1000 ** 3;

export function cacheAlarms(cache: WatchedCacheArgs): Alarms {
  if (cache.maxGB !== undefined) {
    const { throttled, bytes } = of.serverlessCacheMetrics(cache.identifiers[0]);
    return {
      throttled: {
        ...aboveFor(5, throttled, 0),
        treatMissingData: "notBreaching",
        alarmDescription:
          "The cache refuses commands: raise maxEcpuPerSecond, or load it more evenly",
      },
      storage: {
        ...aboveFor(5, bytes, cache.maxGB * GB * 0.9),
        alarmDescription: "The cache has more than 90 % of the data that it may: what is old goes",
      },
    };
  }
  const most = (
    metric: (node: pulumi.Input<string>) => ReturnType<typeof of.cacheNodeMetrics>["cpu"],
  ) =>
    Object.fromEntries(cache.identifiers.map((node, index) => [`node${index + 1}`, metric(node)]));
  const nodes = cache.identifiers.map((_, index) => `node${index + 1}`);
  const largest = (label: string) => ({
    ...{ label, threshold: 90 },
    expression: `MAX([${nodes.join(", ")}])`,
  });
  return {
    cpu: {
      ...expressionAboveFor(
        5,
        most((node) => of.cacheNodeMetrics(node).cpu),
        largest("CPU in percent"),
      ),
      alarmDescription: "The cache's one thread is busy for more than 90 %: take a larger node",
    },
    memory: {
      ...expressionAboveFor(
        loadMinutes,
        most((node) => of.cacheNodeMetrics(node).memory),
        largest("Memory in percent"),
      ),
      alarmDescription:
        "The cache has more than 90 % of its memory: keys go, or writes are refused",
    },
  };
}

/** As few requests as count for a service's own errors. */
const leastRequests = 20;

/** Requests that the load balancer answers with an error itself, since no task did. */
export function loadBalancerAlarm(arnSuffix: pulumi.Input<string>): ObservedAlarm {
  const { requests, ownErrors } = of.loadBalancerMetrics(arnSuffix);
  const own = "FILL(errors, 0)";
  const all = `(FILL(requests, 0) + ${own})`;
  return {
    ...expressionAboveFor(
      5,
      { requests, errors: ownErrors },
      {
        ...{ label: "Own errors in percent", threshold: 5 },
        expression: `IF(${all} >= ${leastRequests}, 100 * ${own} / ${all}, 0)`,
      },
    ),
    alarmDescription:
      "The load balancer answers more than 5 % of the requests with an error of its own",
  };
}

export function pipelineAlarm(pipelineName: pulumi.Input<string>): ObservedAlarm {
  return {
    ...onAny(of.pipelineMetrics(pipelineName).failed),
    alarmDescription: "An execution of the pipeline failed",
  };
}

export function driftAlarm(metric: PublishedMetricArgs): ObservedAlarm {
  return {
    ...onAny({ ...metric, statistic: "Maximum" }),
    // A check counts once a day, and what it found is so until the next one.
    treatMissingData: "ignore",
    alarmDescription: "Something is otherwise than it was applied: gantry drift says what",
  };
}
