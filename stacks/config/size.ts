import { z } from "zod";
import { fargateSizes, nearestCpu } from "../../components/service/fargateSizes";
import { oneOf, reportMend, wholeNumber } from "./fields";
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

/** Container instances place tasks of 128 CPU units and more; Fargate has seven sizes. */
const leastEc2Cpu = 128;

export function cpuSchema(capacity: Capacity) {
  if (capacity === "ec2") return wholeNumber(leastEc2Cpu, 196_608);
  const sizes = fargateSizes.map((size) => size.cpu);
  const error = oneOf(sizes);
  return z.number({ error }).superRefine((given, context) => {
    if (sizes.includes(given)) return;
    reportMend(context, error, `set cpu: ${nearestCpu(given)} (1024 are one vCPU)`);
  });
}
