import {
  DescribeScalableTargetsCommand,
  type ApplicationAutoScalingClient,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  type SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { describeServices } from "../../../delivery/deploy/ecs";
import { Ledger } from "../../../delivery/ledger";
import { makeAutoScaling, setScalingLimits } from "../../../operations/scale/target";
import { makeScheduler } from "../../../operations/sleep/schedules";
import { createLedgerTable } from "../../support/ledgerTable";
import { account, region, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";

/** Of the stack `staging` of `shop`. */
export const services = {
  web: { scaling: { min: 2, max: 6 } },
  mailer: { kind: "worker", scaling: { min: 2, max: 2 } },
  idle: { kind: "worker", scaling: { min: 1, max: 3 } },
  report: { kind: "job", schedule: "rate(1 day)" },
  import: { kind: "job", schedule: "rate(1 day)" },
} as const;
export const target = targetOf(services);
export const clock = { now: () => new Date(), sleep: () => Promise.resolve() };

/** Services, jobs and what sets how many tasks they have. */
export interface SleepBench {
  readonly bench: DeliveryBench;
  readonly ledger: Ledger;
  readonly autoScaling: ApplicationAutoScalingClient;
  readonly scheduler: SchedulerClient;
  /** All that falling asleep touches. */
  world(): Promise<World>;
}

interface World {
  /** That shall run, that do, and ECS's deployments. */
  readonly tasks: Readonly<Record<string, readonly (number | undefined)[]>>;
  /** Limits, and whether nothing scales between them. */
  readonly scaling: Readonly<Record<string, string>>;
  readonly schedules: readonly (readonly (string | undefined)[])[];
  readonly parameters: readonly string[];
}

const schedule = (state: string) => [state, "of a job", "Europe/Berlin", "{}"];
/** Without the scaling, which tells of having been suspended. */
export const awake = {
  tasks: { web: [4, 4, 1], mailer: [2, 2, 1], idle: [1, 1, 1] },
  schedules: [schedule("ENABLED"), schedule("DISABLED")],
};
export const asleep = {
  tasks: { web: [0, 0, 1], mailer: [0, 0, 1], idle: [0, 0, 1] },
  schedules: [schedule("DISABLED"), schedule("DISABLED")],
  scaling: { web: "2,6,true", idle: "1,3,true" },
};

/** @param made is given the bench, made anew before each test. */
export function useSleepBench(made: (bench: SleepBench) => void): void {
  let bench: DeliveryBench;
  useBench((started) => (bench = started));

  beforeEach(async () => {
    const { names } = target;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const autoScaling = makeAutoScaling(region, credentials, bench.emulator.url);
    const scheduler = makeScheduler(region, credentials, bench.emulator.url);
    await createLedgerTable(bench.clients, target);
    const ledger = new Ledger(bench.clients.dynamodb, names.ledger, clock, "staging");
    await seedService(bench, target, "aaaaaaaa", { desiredCount: 4 });
    await seedService(bench, target, "aaaaaaaa", { service: "mailer" });
    await seedService(bench, target, "aaaaaaaa", { service: "idle", desiredCount: 1 });
    await setScalingLimits(autoScaling, names, "web", { min: 2, max: 6 });
    await setScalingLimits(autoScaling, names, "idle", { min: 1, max: 3 });
    await makeSchedule(scheduler, "report", "ENABLED");
    await makeSchedule(scheduler, "import", "DISABLED");
    const world = () => lookAt({ bench, autoScaling, scheduler });
    made({ bench, ledger, autoScaling, scheduler, world });
  });
}

async function makeSchedule(
  scheduler: SchedulerClient,
  job: string,
  State: "ENABLED" | "DISABLED",
) {
  const machine = `arn:aws:states:${region}:${account}:stateMachine:${target.names.service(job)}`;
  await scheduler.send(
    new CreateScheduleCommand({
      ...{ Name: `${job}-1a2b3c4`, State, Description: "of a job" },
      ...{ ScheduleExpression: "rate(1 day)", ScheduleExpressionTimezone: "Europe/Berlin" },
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: machine, RoleArn: `arn:aws:iam::${account}:role/s`, Input: "{}" },
    }),
  );
}

async function lookAt({
  bench: { clients },
  autoScaling,
  scheduler,
}: Pick<SleepBench, "bench" | "autoScaling" | "scheduler">): Promise<World> {
  const described = await describeServices(clients.ecs, target);
  const { ScalableTargets = [] } = await autoScaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }),
  );
  const scheduled = async (Name: string) => {
    const { State, Target: to, ...more } = await scheduler.send(new GetScheduleCommand({ Name }));
    return [State, more.Description, more.ScheduleExpressionTimezone, to?.Input];
  };
  const { Parameters = [] } = await clients.ssm.send(
    new GetParametersByPathCommand({ Path: target.names.releasePointerPath }),
  );
  return {
    tasks: Object.fromEntries(
      Object.entries(described).map(([name, { desiredCount, runningCount, deployments = [] }]) => [
        name,
        [desiredCount, runningCount, deployments.length],
      ]),
    ),
    scaling: Object.fromEntries(
      ScalableTargets.map(({ ResourceId, MinCapacity, MaxCapacity, SuspendedState = {} }) => [
        ResourceId?.split("--").at(-1) ?? "",
        [MinCapacity, MaxCapacity, ...new Set(Object.values(SuspendedState).map(Boolean))].join(),
      ]),
    ),
    schedules: [await scheduled("report-1a2b3c4"), await scheduled("import-1a2b3c4")],
    parameters: Parameters.map(({ Name, Value }) => `${Name} ${Value}`),
  };
}
