import { z } from "zod";
import type { StackDefaults } from "./defaults";
import { capacities } from "./size";
import { choice, keysOf, section, text, variantError, wholeNumber } from "./fields";

/** What the tasks run on. */
export function clusterSchema(defaults: StackDefaults["cluster"]) {
  /** Container Insights. Default: `disabled`; in production `enhanced`. */
  const containerInsights = choice(["disabled", "enabled", "enhanced"]).default(
    defaults.containerInsights,
  );
  const spot = {
    /** Tasks of each service that always run on demand. Default: 1. */
    onDemandBase: wholeNumber(0, 100_000).default(1),
    /** Share of the others that runs on Spot. Default: 3, against 1 on demand. */
    spotWeight: wholeNumber(0, 1000).default(3),
    /** Share of the others that runs on demand. Default: 1. */
    onDemandWeight: wholeNumber(0, 1000).default(1),
  };
  const ec2 = {
    /** The Auto Scaling group of container instances. */
    ec2: ec2Schema().prefault({}),
  };
  const onSpot = keysOf(spot, "capacity: fargateSpot");
  const onEc2 = keysOf(ec2, "capacity: ec2");
  return z.discriminatedUnion(
    "capacity",
    [
      section(
        {
          /** `fargate` (default), `fargateSpot` (cheaper; tasks may be taken away) or `ec2`. */
          capacity: z.literal("fargate").default("fargate"),
          containerInsights,
        },
        { ...onSpot, ...onEc2 },
      ),
      section({ capacity: z.literal("fargateSpot"), ...spot, containerInsights }, onEc2),
      section({ capacity: z.literal("ec2"), ...ec2, containerInsights }, onSpot),
    ],
    { error: variantError(capacities) },
  );
}

function ec2Schema() {
  return section({
    /** Default: t3.medium. Its architecture must be the services'. */
    instanceType: text(
      "an instance type such as t3.medium",
      /^[a-z][a-z0-9-]*\d[a-z0-9-]*\.[a-z0-9-]+$/,
    ).default("t3.medium"),
    /** Default: 1, or `maxInstances` where that is less. */
    minInstances: wholeNumber(0, 1000).optional(),
    /** Default: 4, or `minInstances` where that is more. */
    maxInstances: wholeNumber(1, 1000).optional(),
    /** How full the instances shall be, in percent. Default: 90. */
    targetCapacityPercent: wholeNumber(1, 100).default(90),
    /**
     * Tasks that find a network interface on an instance. Default: one less than the type has, without ENI trunking. To be
     * said where the account has `awsvpcTrunking` on, and of types that are newer than Gantry knows.
     */
    tasksPerInstance: wholeNumber(1, 120).optional(),
  }).transform((given) => ({ ...given, ...instances(given) }));
}

function instances(given: { minInstances?: number; maxInstances?: number }) {
  const minInstances = given.minInstances ?? Math.min(1, given.maxInstances ?? 1);
  return { minInstances, maxInstances: given.maxInstances ?? Math.max(4, minInstances) };
}
