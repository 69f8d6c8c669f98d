import { changeTimes } from "./changeTimes";
import { shiftMinutes, shifts, type DeploymentTimes } from "./deploymentStrategy";

/** What the times of a delivery follow from: a part of a stack's config. */
export interface TimedConfig {
  readonly services: Readonly<Record<string, TimedService>>;
  readonly pipeline?: {
    readonly approval: boolean | "afterVerification";
    readonly approvalTimeoutHours: number;
    /** Which alarms are waited for; `false` for none. */
    readonly alarms: false | object;
  };
}

/** A service's part. Only what takes requests is drained, has a health check and is verified. */
export interface TimedService {
  readonly stopTimeoutSeconds: number;
  readonly releaseCommand?: { readonly timeoutMinutes: number };
  readonly drainSeconds?: number;
  /** Without it, its tasks are replaced one after another. */
  readonly deployment?: DeploymentTimes;
  readonly healthCheck?: {
    readonly graceSeconds?: number;
    readonly intervalSeconds?: number;
    readonly healthyThreshold?: number;
    readonly startPeriodSeconds?: number;
  };
  /** A command; of a private service how long its tasks are asked for at most, or `false`. */
  readonly verify?: string | false | { readonly timeoutSeconds: number };
  readonly sidecars?: Readonly<Record<string, TimedSidecar>>;
}

interface TimedSidecar {
  /** How its image is built; undefined where it is not. */
  readonly build?: object;
  /** The image that it is copied from. */
  readonly image?: string;
}

/** The actions that run in CodeBuild. With `deploy: ecs`, prepare and settle each have the time of `deploy`. */
export type TimedAction =
  "build" | "release" | "plan" | "deploy" | "verify" | "conclude" | "promote";

/** How long the parts of a delivery may take. Where one takes longer, delivery itself ends it and says why. */
export interface DeliveryTimes {
  /** Until every service runs its new tasks and the old ones are gone. */
  readonly steadyStateSeconds: number;
  /** For all release commands, one after another. */
  readonly releaseCommandMinutes: number;
  /** In which what ran is put back: as long as it takes to put something else in place. */
  readonly recoveryMinutes: number;
  /** In which requests go over to new tasks, with all steps and the bake. 0 where no service shifts requests. */
  readonly shiftMinutes: number;
  /** In which ECS itself goes back from new tasks that it holds or shifts requests to. 0 where no service does. */
  readonly stepBackMinutes: number;
  /**
   * For which new tasks wait beside the old ones until somebody says whether they are good; ECS goes back after that. Counted
   * from the first service that waits: others come up, Verify gets a host and runs, people are asked where they are asked then,
   * and Conclude runs.
   */
  readonly holdMinutes: number;
  /**
   * For which a deployment holds the environment's lock, also where it fails and what ran is put back. One that is held keeps the
   * lock beyond that, until it is concluded.
   */
  readonly lockMinutes: number;
  /** Of the build of each action: longer than all that its command may take, so that CodeBuild never ends one midway. */
  readonly actionMinutes: Readonly<Record<TimedAction, number>>;
  /** For which a deployment waits, before it begins, until alarms fire no more. 0 where none hold it back. */
  readonly alarmMinutes: number;
  /** For which an action waits for a host where the account's quota of concurrent builds is used up. */
  readonly queueMinutes: number;
  /** For which an approval waits for its answer. Undefined where nobody is asked. */
  readonly approvalHours?: number;
}

/**
 * Minutes of a build at least, and at most wherever CodeBuild is ("Quotas for AWS CodeBuild", CodeBuild user guide: 480 in
 * China's regions, 2,160 in others).
 */
export const buildMinutes = { least: 5, most: 480 } as const;

/** Builds that wait for each one that runs, at most: more are refused ("Builds in AWS CodeBuild", CodeBuild user guide). */
export const queuedBuilds = 5;

/** Minutes for which a build may be queued at most ("QueuedTimeoutInMinutes", CodeBuild API reference). */
const mostQueueMinutes = 480;

/** Minutes for which CodePipeline's ECS action waits for a service ("Quotas in AWS CodePipeline", CodePipeline user guide). */
export const ecsActionMinutes = 60;

// The bounds from here on are Gantry's own.

/** Seconds for the verification of one service, all attempts together. */
export const verifySeconds = 600;

/** Minutes for which Pulumi may take. `state` is one reading or writing of the state; `grace` is between two interruptions. */
export const pulumiMinutes = { preview: 10, update: 15, state: 3, grace: 1 } as const;

/** Seconds in which running tasks must show the digests of a release. */
export const truthSeconds = 120;

/** Seconds that a deployment is waited for at least: ECS takes its time to find that tasks do not come up. */
export const leastSteadySeconds = 900;

/** Seconds for a task to be placed and its image to be pulled and started. */
const startSeconds = 600;

/** Minutes before an action's command begins: the host comes up, the source arrives, packages are installed. */
const setupMinutes = 5;
/** All that a command asks of AWS and of registries besides: guards, preflight, tags. */
const questionMinutes = 10;
/** Pulumi's two interruptions, a minute each, and a write to the history that is made again until it is answered. */
const recordMinutes = 5;
/** What every action needs before the work that it is for. */
const overheadMinutes = setupMinutes + questionMinutes;

/** A release keeps what its actions need to run Pulumi: the program's packages, Pulumi's CLI and its plugins. */
const keepInstallationMinutes = 15;

/** Pulumi is asked to end, and then made to. */
const interruptedMinutes = 2 * pulumiMinutes.grace;

/** ECS has led requests back, and each of its steps was seen. */
const leadBackMinutes = 5;

/** Two evaluations of five minutes, after which most alarms know that what was wrong is over. */
const waitForAlarmsMinutes = 10;

const buildImageMinutes = 30;
/** An image is copied in two minutes where it has 2 GB and a registry takes 17 MB a second. */
const copyImageMinutes = 2;

/** Every time of a delivery, from the config that its pipeline and its commands both have. */
export function deliveryTimes({ services, pipeline }: TimedConfig): DeliveryTimes {
  const all = Object.values(services);
  const { changeMinutes, steadyMinutes, ...waits } = updateTimes(all);
  const commands = all.flatMap(({ releaseCommand }) => releaseCommand?.timeoutMinutes ?? []);
  const releaseCommandMinutes = commands.reduce((total, minutes) => total + minutes, 0);
  const sidecars = all.flatMap((service) => Object.values(service.sidecars ?? {}));
  const verification = all.reduce((total, { verify }) => total + secondsOf(verify), 0);

  const previewMinutes = pulumiMinutes.preview + interruptedMinutes;
  const recoveryMinutes = changeMinutes;
  // A release command is given what a preview says of its task.
  const migrationMinutes = commands.length > 0 ? previewMinutes + releaseCommandMinutes : 0;
  const lockMinutes = migrationMinutes + changeMinutes + recoveryMinutes + recordMinutes;
  const alarmMinutes = pipeline?.alarms ? waitForAlarmsMinutes : 0;
  const deploy = overheadMinutes + alarmMinutes + previewMinutes + lockMinutes;
  const verify = overheadMinutes + Math.ceil(verification / 60);
  // Behind images that build for as long as they may, or behind a plan that waits for a deployment.
  const queueMinutes = Math.min(
    mostQueueMinutes,
    Math.max(queuedBuilds * buildImageMinutes, deploy),
  );
  const heldMinutes = steadyMinutes + recordMinutes + queueMinutes + verify + overheadMinutes;
  return {
    ...waits,
    releaseCommandMinutes,
    recoveryMinutes,
    holdMinutes: heldMinutes + askedMinutes(pipeline, queueMinutes),
    lockMinutes,
    alarmMinutes,
    actionMinutes: {
      build: buildImageMinutes + sidecarMinutes(sidecars),
      release: overheadMinutes + keepInstallationMinutes,
      // It waits until another deployment has given its lock back.
      plan: deploy,
      deploy,
      verify,
      // A rollback is a deployment of its own, which may fail as well.
      conclude: overheadMinutes + changeMinutes + recoveryMinutes + recordMinutes,
      promote: overheadMinutes + (all.length + sidecars.length) * copyImageMinutes,
    },
    queueMinutes,
    approvalHours: pipeline?.approval ? pipeline.approvalTimeoutHours : undefined,
  };
}

/** For which new tasks that are verified wait for a person: one action before, who may take their time, and one after. */
function askedMinutes(pipeline: TimedConfig["pipeline"], queueMinutes: number): number {
  if (pipeline?.approval !== "afterVerification") return 0;
  return 60 * pipeline.approvalTimeoutHours + 2 * (queueMinutes + overheadMinutes);
}

/** What a change of what runs takes: going back from what is under way, Pulumi, the wait with steps and bake, the proof. */
function updateTimes(services: readonly TimedService[]) {
  const steadyStateSeconds = Math.max(leastSteadySeconds, ...services.map(rolloutSeconds));
  const steadyMinutes = Math.ceil((steadyStateSeconds + truthSeconds) / 60);
  const shift = Math.max(0, ...services.map(({ deployment }) => shiftMinutes(deployment)));
  const stepBackMinutes = Math.max(0, ...services.map(minutesBack));
  // What a killed update has left in the state is read and written first.
  const updateMinutes = 2 * pulumiMinutes.state + pulumiMinutes.update + interruptedMinutes;
  return {
    ...{ steadyStateSeconds, shiftMinutes: shift, stepBackMinutes, steadyMinutes },
    changeMinutes: stepBackMinutes + updateMinutes + steadyMinutes + shift,
  };
}

/** The new tasks finish what they were asked, and stop. */
function minutesBack({ deployment, drainSeconds = 0, stopTimeoutSeconds }: TimedService): number {
  return shifts(deployment?.strategy)
    ? leadBackMinutes + Math.ceil((drainSeconds + stopTimeoutSeconds) / 60)
    : 0;
}

function secondsOf(verify: TimedService["verify"]): number {
  if (verify === undefined || verify === false) return 0;
  return typeof verify === "string" ? verifySeconds : verify.timeoutSeconds;
}

/** For their images, which the build of a service makes one after the other: at most those of all services. */
function sidecarMinutes(sidecars: readonly TimedSidecar[]): number {
  return sidecars.reduce(
    (total, { build, image }) =>
      total + (build ? buildImageMinutes : image === undefined ? 0 : copyImageMinutes),
    0,
  );
}

/** Seconds in which a service's new tasks come up, and its old ones leave after that. */
export function rolloutSeconds(service: TimedService): number {
  const { graceSeconds, startPeriodSeconds = 0 } = service.healthCheck ?? {};
  const { healthySeconds, drainSeconds, stopSeconds } = changeTimes(service);
  const comesUp = Math.max(graceSeconds ?? startPeriodSeconds, healthySeconds);
  return startSeconds + comesUp + drainSeconds + stopSeconds;
}

/** The parts of an action's time, in minutes. */
export interface CommandTimes {
  /** Of the action, as CodeBuild counts it. */
  readonly timeoutMinutes: number;
  /** From the beginning of the command to its end. */
  readonly totalMinutes: number;
  /** Of these, the first: in which it does what it is for. */
  readonly workMinutes: number;
  /** Of these, the last: in which the lock is given back and the history is told. Between both, what was begun is put back. */
  readonly recordMinutes: number;
}

/** Minutes that a command may take in an action of so many. */
export function totalMinutes(timeoutMinutes: number): number {
  return timeoutMinutes - Math.min(setupMinutes, timeoutMinutes / 4);
}

/**
 * What the command of an action has of its time-out. It ends by itself before CodeBuild ends it: a build that is killed
 * leaves the lock, and a history that says nothing of the end.
 * @param timeoutMinutes as the action's project has it, 5 to 480: another than config says now where the project was made by
 *   other config, and then each part gets its share of it. Default: what config says.
 */
export function commandTimes(
  { recoveryMinutes, actionMinutes }: Pick<DeliveryTimes, "recoveryMinutes" | "actionMinutes">,
  action: TimedAction,
  timeoutMinutes = actionMinutes[action],
): CommandTimes {
  const total = totalMinutes(timeoutMinutes);
  const record = Math.min(recordMinutes, total / 10);
  const putsBack = action === "deploy" || action === "conclude";
  const recovery = putsBack ? Math.min(recoveryMinutes, total / 2) : 0;
  return {
    timeoutMinutes,
    totalMinutes: total,
    workMinutes: total - recovery - record,
    recordMinutes: record,
  };
}
