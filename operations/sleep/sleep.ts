import { ScheduleState } from "@aws-sdk/client-scheduler";
import { counted } from "../../contract/counted";
import { deliveryTimes } from "../../contract/times";
import type { Clock } from "../../delivery/clock";
import { describeServices } from "../../delivery/deploy/ecs";
import { DeliveryError } from "../../delivery/errors";
import type { Ledger, LedgerView, Sleep } from "../../delivery/ledger";
import { ageOf, sleepText, wakeCommand } from "../../delivery/ledger/refusals";
import type { Target } from "../../delivery/target";
import { waitForTasks } from "../scale/scale";
import { refuseLocked, refuseOpen } from "../underWay";
import { removeMarker, setMarker } from "./marker";
import { schedulesOn, turnSchedule, type JobSchedule } from "./schedules";
import {
  bringBack,
  isAsleep,
  putToSleep,
  sleepersOf,
  sleeperText,
  type SleepClients,
  type Sleeper,
} from "./sleepers";

export interface SleepOptions {
  readonly clients: SleepClients;
  readonly target: Target;
  readonly ledger: Pick<Ledger, "recent" | "annotate">;
  /** Who, for people. */
  readonly by: string;
  /** Default: none is noted. */
  readonly reason?: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** What falling asleep would mean, looked at before anybody is asked. */
export interface SleepPlan {
  /** One a line, for people. */
  readonly acts: readonly string[];
  readonly view: LedgerView;
  readonly sleepers: readonly Sleeper[];
  /** Those that are on. */
  readonly schedules: readonly JobSchedule[];
  /** Whether it sleeps already, and nothing is left to do. */
  readonly isDone: boolean;
}

/**
 * Looks what runs in an environment, and whether it can be put to sleep now. Nothing is changed.
 * @throws DeliveryError where ECS has no service, where a deployment is under way, with whose it is, and where one has just been made
 *   that may be being verified.
 */
export async function planSleep(options: SleepOptions): Promise<SleepPlan> {
  const { clients, target, ledger, clock } = options;
  const { stack, names, config } = target;
  const [view, described, schedules] = await Promise.all([
    ledger.recent(),
    describeServices(clients.ecs, target),
    schedulesOn(clients.scheduler, target),
  ]);
  const sleepers = await sleepersOf(clients.autoScaling, names, described);
  if (sleepers.length === 0 && schedules.length === 0) {
    throw new DeliveryError(
      `ECS has no service of ${stack}, so there is nothing to put to sleep. Nothing was changed. Make them: pulumi up --stack ${stack}`,
    );
  }
  await refuseLocked(options, view, described);
  await refuseOpen(options, Object.keys(described));
  refuseBeingVerified(target, view, clock.now());
  const begun = view.standing?.sleep;
  if (begun && sleepers.every(isAsleep) && schedules.length === 0) {
    const acts = [`${stack} is ${sleepText(begun, clock.now())}`];
    return { view, sleepers, schedules, acts, isDone: true };
  }
  return {
    ...{ view, sleepers, schedules, isDone: false },
    acts: [
      begun
        ? `${stack} is ${sleepText(begun, clock.now())}: what was not done then is done now`
        : `${stack} sleeps until ${wakeCommand(stack)}, which brings back what runs now:`,
      ...(config.kind === "production"
        ? ["This is production: nobody is served until it wakes."]
        : []),
      ...sleepers.map((sleeper) => sleeperLine(sleeper, target)),
      ...schedules.map(
        ({ job }) => `  ${job}: its schedule is off; a run that goes on comes to its own end`,
      ),
      ...meanwhile(sleepers, target),
    ],
  };
}

/** Its checks would meet nothing, and take it back. */
function refuseBeingVerified(
  { stack, config }: Target,
  { records, standing }: LedgerView,
  now: Date,
): void {
  const [newest] = records;
  if (newest?.status !== "deployed" || newest.kind !== "deploy" || standing?.sleep) return;
  const { verify, conclude } = deliveryTimes(config).actionMinutes;
  const { number, release, endedAt = newest.begunAt } = newest;
  const left = verify + conclude - (now.getTime() - Date.parse(endedAt)) / 60_000;
  if (left <= 0) return;
  throw new DeliveryError(
    `deployment ${number} of ${release.id} was made at ${endedAt} (${ageOf(endedAt, now)}) and is not verified yet: asleep, its checks would meet ` +
      `nothing, and take it back. Nothing was changed. Wait for its end: gantry status --stack ${stack}; where nothing verifies it, for ` +
      counted(Math.ceil(left), "minute"),
  );
}

function sleeperLine(sleeper: Sleeper, { config }: Target): string {
  const { service, tasks, scaling } = sleeper;
  const { kind } = config.services[service];
  if (isAsleep(sleeper)) return `  ${service}: has no task, and gets none`;
  const stop = tasks === 0 ? "gets no task" : `${counted(tasks, "task stops", "tasks stop")}`;
  const asked = kind === "web" ? "; its requests are answered with 503" : "";
  const scales = scaling ? `, and nothing scales it (${scaling.min} to ${scaling.max})` : "";
  return `  ${service}: ${stop}${scales}${asked}`;
}

function meanwhile(sleepers: readonly Sleeper[], { stack, config }: Target): string[] {
  const isAsked = sleepers.some(({ service }) => config.services[service].kind === "web");
  return [
    "Nothing is deployed meanwhile: releases, rollbacks, restarts, gantry scale and pulumi up are refused, and what the pipeline refused " +
      "is tried again once it wakes. Load balancers, databases and networks stay, and cost what they do.",
    ...(isAsked
      ? [
          `Where somebody asks all the same, alarms that count errors fire; a page in place of the 503: gantry maintenance on --stack ${stack}`,
        ]
      : []),
  ];
}

/**
 * Looks what runs, notes it, and then stops it: in this order, so that whoever is killed in between has lost nothing, and the same again goes on.
 * @returns the sleep, as the ledger has it.
 * @throws DeliveryError as {@link planSleep} does, where a deployment has begun meanwhile, and where somebody woke it at the same moment: what was stopped is back then.
 */
export async function sleep(options: SleepOptions): Promise<Sleep> {
  const { clients, target, ledger, by, reason, clock, log } = options;
  // Looked at once more: whoever was asked may have thought for long.
  const { view, sleepers, schedules } = await planSleep(options);
  const { names, stack } = target;
  const wanted = {
    services: sleepers.map(sleeperText),
    schedules: schedules.map(({ name }) => name),
  };
  const given = reason === undefined ? {} : { reason };
  const { after } = await ledger.annotate({ note: "asleep", by, ...given, ...wanted }, view);
  const noted = after.sleep ?? { ...wanted, by, at: clock.now().toISOString() };
  await setMarker(clients, names, sleepText(noted));
  for (const { name } of schedules)
    await turnSchedule(clients.scheduler, name, ScheduleState.DISABLED);
  for (const sleeper of sleepers) await putToSleep(clients, names, sleeper);
  const { standing } = await ledger.recent();
  if (standing?.sleep?.at === noted.at) return noted;
  if (standing?.sleep) {
    throw new DeliveryError(
      `somebody woke ${stack} while it fell asleep, and it is ${sleepText(standing.sleep, clock.now())}. See gantry status --stack ${stack}`,
    );
  }
  // What was noted first is what ran: a sleep that is gone on with has found no task any more.
  await bringBack(clients, names, noted, log);
  await removeMarker(clients, names);
  throw new DeliveryError(
    `somebody woke ${stack} while it fell asleep: what this had stopped was brought back. See gantry status --stack ${stack}`,
  );
}

/**
 * Waits until no task of the services runs.
 * @throws DeliveryError with what ECS says, where some do not stop within the time of a deployment.
 */
export async function waitForSilence(
  { clients, target, clock, log }: SleepOptions,
  { sleepers }: Pick<SleepPlan, "sleepers">,
): Promise<void> {
  const count = { min: 0, max: 0 };
  const asked = { clients, target, count, clock, log };
  await Promise.all(sleepers.map(({ service }) => waitForTasks(asked, { service })));
}
