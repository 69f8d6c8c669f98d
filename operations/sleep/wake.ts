import { counted } from "../../contract/counted";
import { describeServices } from "../../delivery/deploy/ecs";
import { DeliveryError, isNamed, messageOf } from "../../delivery/errors";
import type { LedgerView, Refused, Sleep } from "../../delivery/ledger";
import { refusedUntil, retryCommand, sleepText } from "../../delivery/ledger/refusals";
import type { Pipeline } from "../pipeline/pipeline";
import { retry, retryable } from "../pipeline/retry";
import { waitForTasks } from "../scale/scale";
import { scalingLimits } from "../scale/target";
import { removeMarker } from "./marker";
import { bringBack, wakerOf } from "./sleepers";
import type { SleepOptions } from "./sleep";

export type WakeOptions = Omit<SleepOptions, "log"> & {
  /** Absent where the environment has none. */
  readonly pipeline?: Pipeline;
  readonly log: (line: string) => void;
};

/** What waking would mean, looked at before anybody is asked. */
export interface WakePlan {
  /** One a line, for people. */
  readonly acts: readonly string[];
  readonly view: LedgerView;
  /** Absent where it does not sleep. */
  readonly sleep?: Sleep;
  /** What the pipeline was refused since, and is to try again. Absent where that is nothing. */
  readonly refused?: Refused;
}

/** Looks what an environment had before it fell asleep. Nothing is changed. */
export async function planWake(options: WakeOptions): Promise<WakePlan> {
  const { clients, target, clock, pipeline } = options;
  const { stack } = target;
  const view = await recent(options);
  const sleep = view.standing?.sleep;
  if (!sleep) return { view, acts: [] };
  const described = await describeServices(clients.ecs, target);
  const refused = pipeline && lastRefused(view, sleep);
  return {
    ...{ view, sleep, ...(refused ? { refused } : {}) },
    acts: [
      `${stack} is ${sleepText(sleep, clock.now())}. It gets back what it had:`,
      ...sleep.services.map(wakerOf).map(({ service, tasks }) => {
        if (!Object.hasOwn(described, service))
          return `  ${service}: ECS has none, so it is left out`;
        return `  ${service}: ${tasks === 0 ? "had no task" : counted(tasks, "task")}`;
      }),
      ...(sleep.schedules.length > 0
        ? [
            `  ${counted(sleep.schedules.length, "schedule")} of jobs: on again; what was missed is not made up for`,
          ]
        : []),
      ...(refused
        ? [
            `Release ${refused.release}, which was refused since, is tried again by the pipeline then.`,
          ]
        : []),
    ],
  };
}

/** What was destroyed has no history any more, and does not sleep. */
async function recent({ ledger }: WakeOptions): Promise<LedgerView> {
  try {
    return await ledger.recent();
  } catch (error) {
    if (!isNamed((error as Error).cause, "ResourceNotFoundException")) throw error;
    return { records: [] };
  }
}

function lastRefused({ notes = [] }: LedgerView, { at }: Sleep): Refused | undefined {
  const last = notes.find(({ note }) => note === "refused");
  return last?.note === "refused" && last.gates.includes("sleep") && last.at >= at
    ? last
    : undefined;
}

/**
 * Brings back what was noted, and then ends the sleep: whoever is killed in between makes the same again. From then on releases
 * come again, also where tasks do not come up: the next one may be what mends that.
 */
export async function wake(options: WakeOptions, { view, sleep }: WakePlan): Promise<void> {
  const { clients, target, ledger, by, reason, log } = options;
  const { names, stack } = target;
  if (sleep) await bringBack(clients, names, sleep, log);
  await removeMarker(clients, names);
  if (!sleep) return;
  const given = reason === undefined ? {} : { reason };
  const { after } = await ledger.annotate({ note: "awake", by, since: sleep.at, ...given }, view);
  if (!after.sleep) return;
  throw new DeliveryError(
    `${stack} sleeps again: ${after.sleep.by} put it to sleep at ${after.sleep.at}. Ask, then run this again`,
  );
}

/**
 * Waits until as many tasks of each service run as shall.
 * @returns how many run.
 * @throws DeliveryError with what ECS says, where they do not within the time of a deployment. What was refused then waits for people.
 */
export async function waitUntilAwake(
  options: WakeOptions,
  { sleep, refused }: WakePlan,
): Promise<number> {
  const { clients, target, log } = options;
  const described = await describeServices(clients.ecs, target);
  const woken = (sleep?.services ?? [])
    .map(wakerOf)
    .filter(({ service }) => Object.hasOwn(described, service));
  try {
    const running = await Promise.all(
      woken.map(async ({ service, tasks }) => {
        const limits = await scalingLimits(clients.autoScaling, target.names, service);
        // Between its limits it is brought by what is not suspended.
        const count = limits && !limits.isSuspended ? limits : { min: tasks, max: tasks };
        return waitForTasks({ ...options, count }, { service });
      }),
    );
    return running.reduce((sum, tasks) => sum + tasks, 0);
  } catch (error) {
    if (refused) {
      log(
        `release ${refused.release} is not tried again, since not all came up; by hand: ${retryCommand(target.stack)}`,
      );
    }
    throw error;
  }
}

/**
 * Has the pipeline try again what was refused while it slept.
 * @returns for people: what becomes of it. Nothing where nothing was refused.
 */
export async function deliverRefused(
  { pipeline, target: { stack }, clock }: WakeOptions,
  { refused, view: { standing } }: WakePlan,
): Promise<string[]> {
  if (!refused || !pipeline) return [];
  const { release } = refused;
  const hold = standing?.hold;
  if (hold) return refusedUntil(stack, { ...standing, sleep: undefined }, clock.now());
  try {
    const found = await retryable(pipeline);
    if (found.release !== undefined && found.release !== release) {
      return [
        `release ${release} is not tried again: ${found.release} failed since, in the stage ${found.stage}`,
      ];
    }
    await retry(pipeline, found);
    return [
      `release ${release} is tried again: the stage ${found.stage} of execution ${found.execution}`,
    ];
  } catch (error) {
    return [
      `release ${release} is not tried again by itself: ${messageOf(error)}`,
      `  by hand: ${retryCommand(stack)}`,
    ];
  }
}
