import { lost, otherWay } from "../outcome";
import { becomes, isLost, type At, type Table } from "../rules";
import { number } from "../values";

const noSpotOfOne = "Spot is chosen for all services, by gantry:cluster.capacity: fargateSpot";

/** How many tasks there are. */
export const countTable: Table = {
  count: ({ value, set }) => {
    const tasks = number(value);
    return tasks === undefined ? undefined : both(set, tasks, tasks);
  },
  "count.spot": ({ value, set }) => {
    both(set, number(value) ?? 1, number(value) ?? 1);
    return otherWay(`scaling has the number; ${noSpotOfOne}`);
  },
  "count.range": ({ value, set }) => {
    const [, min, max] = /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(String(value)) ?? [];
    if (min !== undefined) return both(set, Number(min), Number(max));
    return typeof value === "object"
      ? undefined
      : lost("not two numbers", "set scaling.min and scaling.max");
  },
  "count.range.min": becomes("scaling.min", number),
  "count.range.max": becomes("scaling.max", number),
  "count.range.spot_from": isLost("no share of Spot for one service", noSpotOfOne),
  "count.cpu_percentage": ({ value, set }) =>
    typeof value === "object" ? undefined : set(["scaling", "cpuPercent"], number(value)),
  "count.cpu_percentage.value": becomes("scaling.cpuPercent", number),
  "count.memory_percentage": ({ value, set }) =>
    typeof value === "object" ? undefined : set(["scaling", "memoryPercent"], number(value)),
  "count.memory_percentage.value": becomes("scaling.memoryPercent", number),
  "count.requests": ({ value, set }) =>
    typeof value === "object" ? undefined : set(["scaling", "requestsPerTarget"], number(value)),
  "count.requests.value": becomes("scaling.requestsPerTarget", number),
  "count.response_time.**": isLost(
    "no scaling by response time",
    "scale by requestsPerTarget or CPU",
  ),
  "count.cooldown.**": cooldown(),
  "count.cpu_percentage.cooldown.**": cooldown(),
  "count.memory_percentage.cooldown.**": cooldown(),
  "count.requests.cooldown.**": cooldown(),
};

function cooldown() {
  return isLost("config has no cooldown", "nothing: Gantry's own holds");
}

function both(set: At["set"], min: number, max: number) {
  set(["scaling", "min"], min);
  set(["scaling", "max"], max);
  return otherWay(`scaling: { min: ${min}, max: ${max} }`);
}
