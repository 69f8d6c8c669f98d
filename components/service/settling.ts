import {
  continueDeployment,
  deploymentsOf,
  describeDeployment,
  isOpen,
  stopDeployment,
  type ServiceDeployment,
} from "./serviceDeployments";
import { waitRange } from "./strategies";
import type { ServiceTasks } from "./taskProtection";

/** What waiting for a deployment needs of the world, so that a test can stand in for it. */
export interface SettlingPorts {
  readonly deployments: typeof deploymentsOf;
  readonly describe: (arn: string) => Promise<ServiceDeployment>;
  readonly goOn: (arn: string, hookId: string) => Promise<void>;
  readonly stop: (arn: string) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

export const inAws: SettlingPorts = {
  deployments: deploymentsOf,
  describe: describeDeployment,
  goOn: continueDeployment,
  stop: stopDeployment,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => Date.now(),
};

const minuteMs = 60_000;

/** More than a bake and the steps before it are together, where nobody knows how long they are. */
const longestMinutes = 2 * waitRange.most;

/**
 * Minutes for new tasks to be healthy, as where a rule waits for them (`whenHealthy`). ECS gives a stage 24 hours ("Lifecycle
 * stages for Amazon ECS service deployments", ECS developer guide), and no circuit breaker ends a deployment that shifts.
 */
const healthyMinutes = 15;

/** Minutes that ECS takes besides, for the old tasks to leave and for going back: a margin of ours. */
const leavingMinutes = 15;

/** Stages in which no task of a deployment has been asked anything. */
const starting = ["RECONCILE_SERVICE", "PRE_SCALE_UP", "SCALE_UP"];

/** How long ECS may take to tell of a deployment that it was asked for: a margin of ours. */
const toldMs = minuteMs;

/**
 * The deployment of a service that came after another one.
 * @param before the newest until then; undefined where there was none.
 * @returns undefined where there is none after a minute.
 */
export async function deploymentAfter(
  before: string | undefined,
  of: ServiceTasks,
  { deployments, now, sleep }: SettlingPorts,
): Promise<string | undefined> {
  const began = now();
  while (now() - began < toldMs) {
    const [newest] = await deployments(of);
    if (newest && newest.arn !== before) return newest.arn;
    await sleep(500);
  }
  return undefined;
}

/** Waits for the deployment that came after another one, as `settle` does. */
export async function settleAfter(
  before: string | undefined,
  of: ServiceTasks,
  awaited: Partial<Omit<Awaited, "arn">> = {},
  ports = inAws,
): Promise<void> {
  const arn = await deploymentAfter(before, of, ports);
  const { service = of.serviceName, minutes = longestMinutes } = awaited;
  if (arn !== undefined) await settle({ ...awaited, arn, service, minutes }, ports);
}

/** A deployment that is waited for. */
export interface Awaited {
  readonly arn: string;
  /** As people call the service, for errors. */
  readonly service: string;
  /** For which it goes on once it was let. */
  readonly minutes: number;
  /** Called once all requests have gone over. */
  readonly shifted?: () => Promise<void>;
}

/**
 * Lets a deployment go on wherever a hook holds it, and waits for its end. One whose tasks are not healthy in time is stopped.
 * @throws Error where what it brings does not run in the end.
 */
export async function settle(
  { arn, service, minutes, shifted }: Awaited,
  { describe, goOn, stop, sleep, now }: SettlingPorts = inAws,
): Promise<void> {
  const began = now();
  const mostMinutes = healthyMinutes + minutes + leavingMinutes;
  let stopped = false;
  let told = false;
  for (;;) {
    const found = await describe(arn);
    if (!told && hasShifted(found)) {
      told = true;
      await shifted?.();
    }
    if (found.status === "SUCCESSFUL") return;
    if (!isOpen(found)) throw new Error(failure(service, found, stopped));
    for (const hookId of found.waiting) await letGoOn(arn, hookId, { describe, goOn });
    const elapsed = now() - began;
    if (elapsed >= mostMinutes * minuteMs) throw new Error(late(service, found, mostMinutes));
    const isLate = elapsed >= healthyMinutes * minuteMs && starting.includes(found.stage ?? "");
    if (isLate && !stopped) {
      stopped = true;
      await stop(arn);
    }
    // Soon at first: what changes little is there in seconds.
    await sleep(Math.min(5_000, 500 + elapsed / 10));
  }
}

/** It may have been answered in this moment, which the next look shows. */
async function letGoOn(
  arn: string,
  hookId: string,
  { describe, goOn }: Pick<SettlingPorts, "describe" | "goOn">,
): Promise<void> {
  try {
    await goOn(arn, hookId);
  } catch (error) {
    if ((await describe(arn)).waiting.includes(hookId)) throw error;
  }
}

/** Stages from which on no request comes to old tasks. */
const afterShift = ["POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"];

function hasShifted({ status, stage = "" }: ServiceDeployment): boolean {
  return status === "SUCCESSFUL" || (status === "IN_PROGRESS" && afterShift.includes(stage));
}

function failure(service: string, { status, reason }: ServiceDeployment, stopped: boolean): string {
  const why = stopped
    ? `its new tasks were not healthy after ${healthyMinutes} minutes`
    : (reason ?? "ECS gives no reason");
  return (
    `${service}: the deployment of what was changed ended as ${status}: ${why.replace(/\.$/, "")}. What served before ` +
    "serves. See the service's events and its log for why, then run pulumi up --refresh, which tries again."
  );
}

function late(service: string, { arn, status, stage }: ServiceDeployment, minutes: number): string {
  const where = stage ? `${status}, at stage ${stage}` : status;
  return (
    `${service}: the deployment of what was changed is not over after ${minutes} minutes (${where}): ${arn}. It goes on ` +
    "without pulumi up; see gantry status for how it ends."
  );
}
