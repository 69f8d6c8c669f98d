import { lost, otherWay, type Outcome } from "../outcome";
import { becomes, isLost, type At, type Table } from "../rules";
import { leastTasks, mostTasks, tasks } from "../tasks";
import { exactSeconds, number, seconds } from "../values";

/** How many tasks there are. */
export const countTable: Table = {
  count: (at) => {
    const count = number(at.value);
    return count === undefined ? undefined : tasks(at, count, count);
  },
  "count.spot": (at) => {
    const count = number(at.value) ?? 1;
    const outcome = tasks(at, count, count);
    if (count === 0) return outcome;
    at.set(["spot"], true);
    return otherWay(`spot: true, and scaling: { min: ${count}, max: ${count} }`);
  },
  "count.range": (at) => {
    const { value } = at;
    const [, min, max] = /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(String(value)) ?? [];
    if (min !== undefined) return tasks(at, Number(min), Number(max));
    return typeof value === "object"
      ? undefined
      : lost("not two numbers", "set scaling.min and scaling.max");
  },
  "count.range.min": leastTasks,
  "count.range.max": mostTasks,
  "count.range.spot_from": becomes("spot.from", number),
  "count.cpu_percentage": ({ value, set }) =>
    typeof value === "object" ? undefined : set(["scaling", "cpuPercent"], number(value)),
  "count.cpu_percentage.value": becomes("scaling.cpuPercent", number),
  "count.memory_percentage": ({ value, set }) =>
    typeof value === "object" ? undefined : set(["scaling", "memoryPercent"], number(value)),
  "count.memory_percentage.value": becomes("scaling.memoryPercent", number),
  "count.requests": ({ value, set }) =>
    typeof value === "object" ? undefined : set(["scaling", "requestsPerTarget"], number(value)),
  "count.requests.value": becomes("scaling.requestsPerTarget", number),
  "count.queue_delay.acceptable_latency": messagesPerTask,
  "count.queue_delay.msg_processing_time": ({ beside, value }) =>
    seconds(value) !== undefined &&
    seconds(beside("count", "queue_delay", "acceptable_latency")) !== undefined
      ? otherWay("scaling.messagesPerTask: acceptable_latency by msg_processing_time")
      : undefined,
  "count.queue_delay.*": isLost(
    "not both durations, of which the backlog of a task follows",
    "set scaling.messagesPerTask of the service",
  ),
  "count.queue_delay.cooldown.**": ownCooldown(),
  "count.response_time.**": isLost(
    "no scaling by response time",
    "scale by requestsPerTarget or CPU",
  ),
  "count.cooldown.in": becomes("scaling.cooldownSeconds.in", seconds),
  "count.cooldown.out": becomes("scaling.cooldownSeconds.out", seconds),
  "count.cpu_percentage.cooldown.**": ownCooldown(),
  "count.memory_percentage.cooldown.**": ownCooldown(),
  "count.requests.cooldown.**": ownCooldown(),
};

function ownCooldown() {
  return isLost("one cooldown holds for all metrics", "set scaling.cooldownSeconds of the service");
}

/** As many messages as a task works off within the latency that is accepted. */
function messagesPerTask(at: At): Outcome | undefined {
  const latency = seconds(at.value);
  const each = exactSeconds(at.beside("count", "queue_delay", "msg_processing_time"));
  if (latency === undefined || each === undefined || each === 0) return undefined;
  return at.set(["scaling", "messagesPerTask"], Math.max(1, Math.floor(latency / each)));
}
