import { lowThresholds } from "../../../components/service/burstArgs";
import type { Check, Report } from "../checks";
import type { Path } from "../path";
import type { HostedServiceConfig, ScalingConfig } from "../types";

/** How many tasks a service may have: one without any must have something that starts them again. */
export const checkScaling: Check = ({ services }, report) => {
  for (const [name, service] of Object.entries(services)) {
    if (service.kind === "job") continue;
    const { scaling } = service;
    checkQueues(name, service, report);
    const at = (...rest: Path): Path => ["services", name, "scaling", ...rest];
    checkCounts(scaling, at, report);
    checkSchedule(scaling, at, report);
    checkBurst(service, at, report);
  }
};

/** Metrics of an alarm, of which each queue has two, and their sum ("PutMetricAlarm", CloudWatch API reference). */
const mostQueues = 5;

function checkQueues(name: string, service: HostedServiceConfig, report: Report) {
  const { scaling, subscribes } = service;
  if (scaling.messagesPerTask === undefined) return;
  const queues = Object.keys(subscribes).length;
  if (queues >= 1 && queues <= mostQueues) return;
  report({
    path: ["services", name, "scaling", "messagesPerTask"],
    allowed: `a service with 1 to ${mostQueues} subscriptions, whose queues are counted`,
    fix:
      queues === 0
        ? "subscribe to a topic or bucket, or remove messagesPerTask"
        : "divide the service by its subscriptions, or remove messagesPerTask",
    reads: [["services", name, "subscribes"]],
  });
}

type At = (...rest: Path) => Path;

function checkCounts(scaling: ScalingConfig, at: At, report: Report) {
  const { min, max } = scaling;
  if (min === 0 && max > 0 && !isStarted(scaling)) {
    report({
      path: at("min"),
      allowed: "1 or more: CPU and memory of no task say nothing, so the first would never start",
      fix: "set min: 1, or messagesPerTask where it has subscriptions, or say in schedule when there are tasks",
      reads: [at("schedule"), at("messagesPerTask")],
    });
  } else if (min > max) {
    report({
      path: at("min"),
      allowed: `at most max, which is ${max}`,
      fix: `set min: ${max}, or raise max`,
      reads: [at("max")],
    });
  }
}

/** Whether anything starts a first task. */
function isStarted({ messagesPerTask, schedule = [] }: ScalingConfig): boolean {
  return messagesPerTask !== undefined || schedule.some(({ min }) => min > 0);
}

function checkSchedule(scaling: ScalingConfig, at: At, report: Report) {
  const { schedule = [] } = scaling;
  schedule.forEach(({ min, max }, index) => {
    if (min > max) {
      report({
        path: at("schedule", index, "min"),
        allowed: `at most max, which is ${max}`,
        fix: `set min: ${max}, or raise max`,
        reads: [at("schedule", index, "max")],
      });
    } else if (min === 0 && max > 0 && scaling.messagesPerTask === undefined) {
      report({
        path: at("schedule", index, "min"),
        allowed: "1 or more, or 0 with max: 0: nothing would start the first task of none",
        fix: "set min: 1, or max: 0",
        reads: [at("schedule", index, "max")],
      });
    }
  });
  const stops = schedule.findIndex(({ min, max }) => min === 0 && max === 0);
  if (stops < 0 || isStarted(scaling)) return;
  report({
    path: at("schedule", stops, "max"),
    allowed: "0 where another time of the schedule starts tasks again",
    fix: "add such a time: { at: cron(0 7 ? * MON-FRI *), min: 1, max: 2 }",
    reads: [at("schedule")],
  });
}

/** A burst is more than what is held, and there is room for it. */
function checkBurst({ kind, scaling }: HostedServiceConfig, at: At, report: Report) {
  const { burst, min, max, schedule = [], messagesPerTask } = scaling;
  if (burst === undefined) return;
  if (messagesPerTask !== undefined) {
    report({
      path: at("burst"),
      allowed: "nothing beside messagesPerTask, which adds tasks each minute",
      fix: "remove one of the two",
      reads: [at("messagesPerTask")],
    });
  } else if (min === max && schedule.every((entry) => entry.min === entry.max)) {
    report({
      path: at("burst"),
      allowed: `nothing where min and max are both ${max}: no task could be added`,
      fix: "raise max, or remove burst",
      reads: [at("max")],
    });
  }
  if (kind !== "web" && burst.requestsPerTarget !== undefined) {
    report({
      path: at("burst", "requestsPerTarget"),
      allowed: "nothing but of kind: web, whose requests are counted",
      fix: "remove it, or set kind: web",
      reads: [at("burst")],
    });
  }
  for (const { key, average } of lowThresholds(scaling)) {
    report({
      path: at("burst", key),
      allowed: `more than ${average}, which scaling.${key} holds`,
      fix: `raise it, or lower scaling.${key}`,
      reads: [at(key)],
    });
  }
}
