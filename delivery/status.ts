import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { dashboardPage } from "../contract/consolePages";
import type { Release } from "../contract/manifest";
import { systemClock, type Clock } from "./clock";
import { describeServices } from "./deploy/ecs";
import { heldDeployment } from "./deploy/heldBefore";
import { deploymentsOf, isUnsettled, succeeded } from "./deploy/history";
import { closedGates, type ClosedGate } from "./gates";
import type { LedgerPort, Ports } from "./deploy/ports";
import type { DriftMemory } from "./drift/memory";
import type {
  DeploymentRecord,
  Hold,
  LedgerView,
  LockRecord,
  Override,
  Refused,
  Sleep,
} from "./ledger";
import { primaryOf } from "./steadyState/judge";
import { servicesUnderWay } from "./steadyState/underWay";
import { digestOf, isJob, nextImage } from "./jobs";
import { nextTaskImage, startsByMessages } from "./messages";
import type { Target } from "./target";
import { digestIn, runningTasks } from "./tasks";

/**
 * How what runs compares with the desired release. `drift`: tasks run something else, though nothing rolls out.
 * `unproven`: no task shall run. `missing`: ECS has no such service. `rollingOut`: ECS or a deployment is at work.
 * `asleep`: no task shall run until `gantry wake`.
 */
export type ServiceCondition =
  "asDesired" | "drift" | "unproven" | "missing" | "rollingOut" | "asleep";

/** What a service runs, and what it should. */
export interface ServiceStatus {
  readonly service: string;
  /** As ECS calls it. */
  readonly ecsName: string;
  /** Of the desired release. Absent before the first, and for a service that it has no image for. */
  readonly tag?: string;
  readonly digest?: string;
  /** Tasks that run, and that shall. Absent where ECS has no such service. */
  readonly tasks?: { readonly running: number; readonly desired: number };
  /** By digest, as the running tasks say it: how many. `unknown` where ECS does not tell. */
  readonly running: Readonly<Record<string, number>>;
  /** Of a job alone, which has no tasks of its own: the digest of its next run, or what there is in place of one. */
  readonly nextRun?: string;
  /** The same of the next task of a service that has none while no message waits for it. Absent where tasks run. */
  readonly nextTask?: string;
  readonly condition: ServiceCondition;
  /** Where new tasks run beside the old ones: how far they are, for people. */
  readonly underWay?: string;
  /** Whether these wait for somebody to say that they are good. Absent where none are. */
  readonly waits?: boolean;
  /** Where fewer tasks run than shall: why some failed in the last hour, with the log of the containers that did. */
  readonly failures: readonly string[];
}

/** What an environment runs. */
export interface EnvironmentStatus {
  readonly stack: string;
  readonly region: string;
  readonly cluster: string;
  /** The desired release. Absent before the first. */
  readonly release?: Release;
  /** The deployment that brought it, or put it back. */
  readonly deployment?: DeploymentRecord;
  /** Whether any deployment of it was verified. */
  readonly isVerified: boolean;
  readonly services: readonly ServiceStatus[];
  /** A deployment is in progress, or its lock was left. */
  readonly lock?: LockRecord;
  /** The deployment that has the lock, where it waits for its verification. */
  readonly held?: DeploymentRecord;
  /** Somebody went back: new releases are refused until `gantry resume`. */
  readonly hold?: Hold;
  /** Somebody put it to sleep: nothing runs, and nothing is deployed, until `gantry wake`. */
  readonly sleep?: Sleep;
  /** Whether a person is asked about that one now. */
  readonly isAsked: boolean;
  /** The newest deployment, where it failed and could not be taken back: nobody knows what runs until it is settled. */
  readonly unsettled?: DeploymentRecord;
  /** Whether the history knows no deployment at all, though there is a desired release. */
  readonly isHistoryLost: boolean;
  /** What was refused last, where nothing was deployed since. */
  readonly refused?: Refused;
  /** What keeps releases from being deployed at the moment. */
  readonly gates: readonly ClosedGate[];
  /** What lets releases past them. */
  readonly overrides: readonly Override[];
  /** What the last check for drift came to. Absent before the first, and in facts of all environments. */
  readonly drift?: DriftMemory;
  /** Where CloudWatch shows how it is. Absent where config wants no dashboard. */
  readonly dashboardUrl?: string;
}

export interface StatusOptions {
  readonly target: Target;
  readonly ecs: ECSClient;
  readonly ledger: Pick<LedgerPort, "recent">;
  readonly pointer: Pick<Ports["pointer"], "read">;
  /** Whether an execution of the pipeline waits for a person. Default: none ever does. */
  readonly isAsked?: (execution: string) => Promise<boolean>;
  /** Why tasks of a service failed, in lines for people. */
  readonly failures: (service: string) => Promise<readonly string[]>;
  /** What the alarms say that hold releases back. */
  readonly alarms: Ports["alarms"];
  /** What the last check for drift left. Default: nobody is asked. */
  readonly drift?: () => Promise<DriftMemory | undefined>;
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, "now">;
}

/** How many services are asked for their tasks at once. */
const atOnce = 10;

/**
 * Which release an environment should run, and what its tasks do run: two calls to ECS for each service, and one for ten; of a
 * service that is short of tasks also why some failed, and of one whose new tasks run beside the old ones how far they are.
 * Where nobody changed anything beside the pipeline, both are the same.
 */
export async function environmentStatus(options: StatusOptions): Promise<EnvironmentStatus> {
  const { target, ecs, ledger, pointer, alarms, clock = systemClock } = options;
  const { stack, region, names } = target;
  const [view, release, described, gates, drift] = await Promise.all([
    ledger.recent(),
    pointer.read(),
    describeServices(ecs, target),
    closedGates({ target, clock, alarms }),
    options.drift?.(),
  ]);
  const underWay = await servicesUnderWay(ecs, names.cluster, described);
  const services: ServiceStatus[] = [];
  const all = Object.keys(target.config.services);
  for (let start = 0; start < all.length; start += atOnce) {
    const asked = all.slice(start, start + atOnce);
    services.push(
      ...(await Promise.all(
        asked.map((service) => serviceStatus(options, service, described[service], view, release)),
      )),
    );
  }
  for (const { service, text, held } of underWay) {
    const index = services.findIndex((one) => one.service === service);
    services[index] = { ...services[index], underWay: text, waits: held !== undefined };
  }
  const held = heldDeployment(view);
  const ofIt = deploymentsOf(view, release?.id);
  return {
    ...{ stack, region, release, services, lock: view.lock },
    cluster: names.cluster,
    hold: view.standing?.hold,
    sleep: view.standing?.sleep,
    held,
    isAsked: held !== undefined && ((await options.isAsked?.(held.owner)) ?? false),
    deployment: ofIt.find(succeeded) ?? ofIt.at(0),
    isVerified: ofIt.some(({ status }) => status === "verified"),
    unsettled: isUnsettled(view) ? view.records.at(0) : undefined,
    isHistoryLost: release !== undefined && view.records.length === 0,
    refused: lastRefused(view, release),
    gates,
    overrides: standingOverrides(view, clock.now()),
    ...(drift ? { drift } : {}),
    // Its name is the environment's.
    ...(target.config.dashboard ? { dashboardUrl: dashboardPage(region, names.prefix) } : {}),
  };
}

function lastRefused(
  { records, notes = [] }: LedgerView,
  release: Release | undefined,
): Refused | undefined {
  const newest = records.at(0)?.number ?? 0;
  const last = notes.find(({ note, number }) => note === "refused" && number === newest);
  if (last?.note !== "refused" || last.release === release?.id) return undefined;
  const { by, reason, at, release: id, gates, retryAt } = last;
  return { by, reason, at, release: id, gates, ...(retryAt === undefined ? {} : { retryAt }) };
}

function standingOverrides({ standing }: LedgerView, now: Date): readonly Override[] {
  return (standing?.overrides ?? []).filter(({ until }) => Date.parse(until) > now.getTime());
}

async function serviceStatus(
  { target, ecs, failures }: StatusOptions,
  service: string,
  described: Service | undefined,
  { lock, standing }: LedgerView,
  release: Release | undefined,
): Promise<ServiceStatus> {
  const { names } = target;
  const ecsName = names.service(service);
  const images = release?.images ?? {};
  const image = Object.hasOwn(images, service) ? images[service] : undefined;
  if (isJob(target.config, service)) {
    const next = await nextImage(ecs, names, service);
    const condition = nextCondition(next, image?.digest, lock !== undefined);
    return {
      ...{ service, ecsName, tag: image?.tag, digest: image?.digest, condition },
      ...{ running: {}, nextRun: digestOf(next) ?? next ?? "nothing", failures: [] },
    };
  }
  const running = described ? await digestsOf(ecs, names.cluster, ecsName) : {};
  const nextTask = await nextTaskOf(ecs, target.config, service, described, running);
  const condition =
    nextTask === undefined
      ? conditionOf(described, running, image?.digest, lock !== undefined)
      : nextCondition(nextTask, image?.digest, lock !== undefined);
  const tasks = described && {
    running: described.runningCount ?? 0,
    desired: described.desiredCount ?? 0,
  };
  return {
    ...{ service, ecsName, tag: image?.tag, digest: image?.digest, running, tasks },
    condition: condition === "unproven" && standing?.sleep ? "asleep" : condition,
    ...(nextTask === undefined ? {} : { nextTask: digestOf(nextTask) ?? nextTask }),
    failures: tasks && tasks.running < tasks.desired ? await failures(service) : [],
  };
}

async function digestsOf(
  ecs: ECSClient,
  cluster: string,
  ecsName: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const task of await runningTasks(ecs, cluster, ecsName)) {
    const digest = digestIn(task) ?? "unknown";
    counts[digest] = (counts[digest] ?? 0) + 1;
  }
  return counts;
}

/** The image of the next task of a service that has none while no message waits for it; undefined for any other. */
async function nextTaskOf(
  ecs: ECSClient,
  config: Target["config"],
  service: string,
  described: Service | undefined,
  running: ServiceStatus["running"],
): Promise<string | undefined> {
  const isIdle = described?.desiredCount === 0 && Object.keys(running).length === 0;
  if (!isIdle || !startsByMessages(config, service)) return undefined;
  return (await nextTaskImage(ecs, described)) ?? "nothing";
}

/**
 * Of what runs no task now.
 * @param next the image that a job or a service runs next.
 * @param wanted digest of the desired release; undefined where it says nothing of it.
 */
function nextCondition(
  next: string | undefined,
  wanted: string | undefined,
  isLocked: boolean,
): ServiceCondition {
  if (next === undefined) return "missing";
  if (wanted === undefined || digestOf(next) === wanted) return "asDesired";
  return isLocked ? "rollingOut" : "drift";
}

/**
 * @param running by digest: how many tasks.
 * @param wanted digest of the desired release; undefined where it says nothing of the service.
 * @param isLocked whether a deployment is in progress.
 */
export function conditionOf(
  described: Service | undefined,
  running: Readonly<Record<string, number>>,
  wanted: string | undefined,
  isLocked: boolean,
): ServiceCondition {
  if (!described) return "missing";
  if (wanted === undefined) return "asDesired";
  // ECS tells no digest of some tasks: that says nothing either way.
  const isOther = Object.keys(running).some((digest) => digest !== wanted && digest !== "unknown");
  if (isLocked || primaryOf(described)?.rolloutState === "IN_PROGRESS") {
    return isOther || Object.keys(running).length === 0 ? "rollingOut" : "asDesired";
  }
  if (isOther) return "drift";
  return (described.desiredCount ?? 0) === 0 ? "unproven" : "asDesired";
}
