import { counted } from "../../contract/counted";
import { DeliveryError, messageOf } from "../../delivery/errors";
import type { LedgerView, Refused, Sleep } from "../../delivery/ledger";
import { refusedUntil, retryCommand, sleepText } from "../../delivery/ledger/refusals";
import type { Pipeline } from "../pipeline/pipeline";
import { retry, retryable } from "../pipeline/retry";
import { describedIfAny, recentIfAny } from "../remains";
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
  const refused = pipeline && lastRefused(view, sleep);
  if (!sleep) {
    const acts = refused
      ? [
          `${stack} is awake. Release ${refused.release}, which was refused while it slept, is tried again by the pipeline.`,
        ]
      : [];
    return { acts, ...(refused ? { refused } : {}) };
  }
  const described = await describedIfAny(clients.ecs, target);
  return {
    ...{ sleep, ...(refused ? { refused } : {}) },
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
  return (await recentIfAny(ledger)) ?? { records: [] };
}

/**
 * What a sleep has kept out, and nothing else has since.
 * @param sleep that is ended. Default: it is over, as where somebody was cut off who woke the environment.
 */
function lastRefused({ notes = [], records }: LedgerView, sleep?: Sleep): Refused | undefined {
  const last = notes.find(({ note }) => note === "refused");
  if (last?.note !== "refused" || !last.gates.includes("sleep")) return undefined;
  if (sleep) return last.at >= sleep.at ? last : undefined;
  const newest = records.at(0);
  // It has been tried again where anything was begun since, or where that came to an end which was to be concluded.
  const isOver = newest?.release.id === last.release && newest.status !== "deployed";
  return last.number === (newest?.number ?? 0) && !isOver ? last : undefined;
}

/**
 * Brings back what was noted, and then ends the sleep: whoever is killed in between makes the same again. From then on releases
 * come again, also where tasks do not come up: the next one may be what mends that.
 * @throws DeliveryError where it is not the sleep any more that was planned to end: what runs since is nobody's to set back.
 */
export async function wake(options: WakeOptions, { sleep: agreed }: WakePlan): Promise<void> {
  const { clients, target, ledger, by, reason, log } = options;
  const { names, stack } = target;
  const view = await recent(options);
  const sleep = view.standing?.sleep;
  if (sleep?.at !== agreed?.at) {
    throw new DeliveryError(
      `somebody ${sleep ? "put" : "woke"} ${stack}${sleep ? " to sleep" : ""} meanwhile. Nothing was changed. See gantry status --stack ${stack}`,
    );
  }
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
  const described = await describedIfAny(clients.ecs, target);
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
export async function deliverRefused(options: WakeOptions, { sleep }: WakePlan): Promise<string[]> {
  const { pipeline, target, clock } = options;
  const { stack } = target;
  if (!pipeline) return [];
  // It may have been refused after the plan, and until the sleep had ended.
  const view = await recent(options);
  const { standing } = view;
  const refused = lastRefused(view, sleep);
  if (!refused) return [];
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
