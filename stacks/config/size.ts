import { z } from "zod";
import { fargateSizes, memoryChoices, nearestCpu } from "../../components/service/fargateSizes";
import { oneOf, reportFix, wholeNumber } from "./fields";
import { nearest } from "./nearest";
import { valueAt } from "./path";

export const capacities = ["fargate", "fargateSpot", "ec2"] as const;

/** What the tasks of a stack run on: it decides which sizes there are. */
export type Capacity = (typeof capacities)[number];

/** The capacity that a document asks for, or probably meant to. */
export function capacityOf(document: Record<string, unknown>): Capacity {
  const given = valueAt(document, ["cluster", "capacity"]);
  const meant = typeof given === "string" ? (nearest(given, capacities) ?? given) : "fargate";
  return capacities.find((capacity) => capacity === meant) ?? "fargate";
}

/** The CPU that Fargate has, in units, ascending. */
export const fargateCpuUnits = fargateSizes.map(({ cpu }) => cpu);

/** The memory that it has with one CPU or another, ascending. */
export const fargateMemoriesMiB = [...new Set(fargateCpuUnits.flatMap(memoryChoices))].sort(
  (a, b) => a - b,
);

/** Container instances place tasks of 128 CPU units and more; Fargate has seven sizes. */
const leastEc2Cpu = 128;

export function cpuSchema(capacity: Capacity) {
  if (capacity === "ec2") return wholeNumber(leastEc2Cpu, 196_608);
  const error = oneOf(fargateCpuUnits);
  return z.number({ error }).superRefine((given, context) => {
    if (fargateCpuUnits.includes(given)) return;
    reportFix(context, error, `set cpu: ${nearestCpu(given)} (1024 are one vCPU)`);
  });
}
