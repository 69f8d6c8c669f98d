import {
  UpdateServiceCommand,
  type Service,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";
import { counted } from "../contract/counted";
import type { Release } from "../contract/manifest";
import { deliveryTimes } from "../contract/times";
import type { Clients } from "../delivery/clients";
import type { Clock } from "../delivery/clock";
import { describeServices } from "../delivery/deploy/ecs";
import { refuseAsleep } from "../delivery/deploy/hold";
import { highestTagged, numbersSpent } from "../delivery/deploy/numbers";
import { detailsOf, secondsSince } from "../delivery/deploy/update";
import { DeliveryError, messageOf } from "../delivery/errors";
import type { DeploymentRecord, Ledger, LedgerView } from "../delivery/ledger";
import { readPointer } from "../delivery/pointer";
import { Progress } from "../delivery/progress";
import { DeploymentFailure, waitForSteadyState } from "../delivery/steadyState";
import { goBack } from "../delivery/steadyState/goBack";
import { isShifting } from "../delivery/steadyState/hold";
import { newestServiceDeployment } from "../delivery/steadyState/serviceDeployment";
import type { Target } from "../delivery/target";
import { servicesMeant } from "./services";
import { refuseLocked, refuseOpen } from "./underWay";

export interface RestartOptions {
  readonly clients: Pick<Clients, "ecs" | "ecr" | "ssm" | "cloudwatch">;
  readonly target: Target;
  readonly ledger: Pick<Ledger, "recent" | "begin" | "end">;
  /** As they were typed; none for every one that ECS keeps running. */
  readonly services: readonly string[];
  /** What holds the lock: the same person takes up a restart of theirs that was cut off. */
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** What a restart would do, looked at before anybody is asked. */
export interface RestartPlan {
  /** One a service, for people. */
  readonly acts: readonly string[];
  /** As config calls them: those of which tasks run. */
  readonly services: readonly string[];
  readonly release: Release;
  readonly view: LedgerView;
  readonly described: Readonly<Record<string, Service>>;
}

/**
 * Looks whether tasks can be exchanged now, and what that means for each service. Nothing is changed.
 * @throws DeliveryError where there is no release or no task, and where something is under way, with whose it is.
 */
export async function planRestart(options: RestartOptions): Promise<RestartPlan> {
  const { clients, target, ledger } = options;
  const { stack, names } = target;
  const meant = servicesMeant(target, options.services, "hosted");
  const [view, release, described] = await Promise.all([
    ledger.recent(),
    readPointer(clients.ssm, names),
    describeServices(clients.ecs, target),
  ]);
  if (!release) {
    throw new DeliveryError(
      `${stack} has no release yet, so nothing of yours runs that could be restarted. Nothing was changed.`,
    );
  }
  refuseAsleep(options, view);
  const own = ownRestart(view, options);
  if (!own) await refuseLocked(options, view, described);
  const missing = meant.filter((service) => !Object.hasOwn(described, service));
  if (missing.length > 0) {
    throw new DeliveryError(
      `ECS has no ${missing.join(", ")} of ${stack}. Nothing was changed. Make it: pulumi up --stack ${stack}`,
    );
  }
  const services = meant.filter((service) => (described[service].desiredCount ?? 0) > 0);
  if (services.length === 0) {
    throw new DeliveryError(
      `no task of ${meant.join(", ") || stack} should run at the moment, so there is none to restart. Nothing was changed.`,
    );
  }
  await refuseOpen(options, services, (newest) => own !== undefined && beganWith(newest, own));
  const left = meant.filter((service) => !services.includes(service));
  return {
    ...{ services, release, view, described },
    acts: [
      ...services.map((service) => `${service}: ${restartText(described[service])}`),
      ...left.map((service) => `${service}: is left alone, since no task of it should run`),
    ],
  };
}

/** A restart of the same person's that was cut off, and whose lock is taken up. */
function ownRestart(
  { lock, records }: LedgerView,
  { owner }: Pick<RestartOptions, "owner">,
): DeploymentRecord | undefined {
  if (lock?.owner !== owner) return undefined;
  return records.find(({ number, kind }) => number === lock.number && kind === "restart");
}

function beganWith(
  deployment: ServiceDeploymentBrief | undefined,
  { begunAt }: DeploymentRecord,
): boolean {
  return deployment?.createdAt !== undefined && deployment.createdAt >= new Date(begunAt);
}

/** What the exchange means for whoever the service answers. */
function restartText({ desiredCount = 0, deploymentConfiguration = {} }: Service): string {
  const { minimumHealthyPercent, strategy, bakeTimeInMinutes = 0 } = deploymentConfiguration;
  const tasks = counted(desiredCount, "task");
  if (isShifting({ deploymentConfiguration })) {
    return (
      `${tasks} of the same release start beside those that run, and requests go over once they are healthy (${strategy}); ` +
      `the old ones leave ${counted(bakeTimeInMinutes, "minute")} later`
    );
  }
  if (minimumHealthyPercent === 0) {
    return `${tasks} stop, and new ones of the same release start only then: nothing of it runs meanwhile`;
  }
  return desiredCount === 1
    ? "1 task is replaced by a new one of the same release, and leaves once that is healthy"
    : `${tasks} are replaced by new ones of the same release, old ones leaving as new ones are healthy`;
}

/**
 * Has ECS start new tasks of what runs, by each service's own way of deploying, and waits until the old ones have left. Where new
 * tasks would wait for an answer they are told to go on: nothing is new that could be verified. It holds the environment's lock, and
 * the history has it as a deployment of the kind `restart`. Cut off, it is taken up by the same person's next.
 * @returns the restart, as the ledger has it.
 * @throws DeliveryError where another has begun to deploy meanwhile, and where new tasks did not become healthy: old ones serve on.
 */
export async function restart(
  options: RestartOptions,
  plan: RestartPlan,
): Promise<DeploymentRecord> {
  const { clients, target, ledger, owner, actor, clock, log } = options;
  const { release, services, view } = plan;
  const progress = new Progress("restart", clock, log);
  const asked = { progress, highestTagged: () => highestTagged(clients.ecr, target) };
  const after = await numbersSpent(asked, view, release);
  const record = await progress.step(
    "lock",
    () =>
      ledger.begin(
        { kind: "restart", release, previous: release, owner, actor, services, after },
        view,
      ),
    ({ number }) => `deployment ${number}`,
  );
  try {
    const since = await progress.step("new tasks", () => startNew(options, plan, record));
    await progress.step("steady state", (note) => untilSteady(options, plan, since, note));
  } catch (error) {
    throw await failed(options, plan, record, error);
  }
  const seconds = secondsSince(record.begunAt, clock.now());
  return ledger.end(record, { status: "deployed", seconds });
}

const pollMs = 2_000;
/** ECS's API is eventually consistent: that long it may show what was before an update. */
const shownWithinMs = 120_000;

/**
 * Begins a deployment of each service, but of those that an earlier run of the same restart has begun.
 * @returns when the first of them began, by the clock of ECS.
 */
async function startNew(
  { clients: { ecs }, target: { names }, clock }: RestartOptions,
  { services, view }: RestartPlan,
  record: DeploymentRecord,
): Promise<Date> {
  const { cluster } = names;
  const newestOf = (service: string) =>
    newestServiceDeployment(ecs, cluster, names.service(service));
  const isTakenUp = view.lock !== undefined;
  const before = new Map<string, string | undefined>();
  for (const service of services) {
    const newest = await newestOf(service);
    if (isTakenUp && beganWith(newest, record)) continue;
    await ecs.send(
      new UpdateServiceCommand({
        ...{ cluster, service: names.service(service), forceNewDeployment: true },
      }),
    );
    before.set(service, newest?.serviceDeploymentArn);
  }
  // What is steady until it is shown is the deployment before.
  const endsAt = clock.now().getTime() + shownWithinMs;
  let since = clock.now();
  for (const service of services) {
    for (;;) {
      const newest = await newestOf(service);
      const isShown = !before.has(service) || before.get(service) !== newest?.serviceDeploymentArn;
      if (newest && isShown) {
        if (newest.createdAt && newest.createdAt < since) since = newest.createdAt;
        break;
      }
      if (clock.now().getTime() >= endsAt) {
        throw new DeploymentFailure(`${service}: ECS does not show the new deployment`, [service]);
      }
      await clock.sleep(pollMs);
    }
  }
  return since;
}

async function untilSteady(
  { clients: { ecs, cloudwatch }, target, clock }: RestartOptions,
  { services, described }: RestartPlan,
  since: Date,
  progress: (line: string) => void,
): Promise<void> {
  const { config, names } = target;
  const { steadyStateSeconds, shiftMinutes } = deliveryTimes(config);
  await waitForSteadyState({
    ...{ ecs, cloudwatch, clock, progress, since, cluster: names.cluster },
    timeoutSeconds: steadyStateSeconds + 60 * shiftMinutes,
    services: services.map((service) => ({
      ...{ service, ecsName: names.service(service) },
      taskDefinitionArn: described[service].taskDefinition,
    })),
  });
}

/** Seconds in which ECS leads requests back and stops the new tasks. */
const backSeconds = 300;

/** Ends what failed: new tasks that wait or get requests go, and the same release is there with those from before. */
async function failed(
  { clients: { ecs }, target, ledger, clock, log }: RestartOptions,
  { services, release }: RestartPlan,
  record: DeploymentRecord,
  error: unknown,
): Promise<Error> {
  const { stack, names, config } = target;
  const reason = messageOf(error);
  const left: string[] = [];
  try {
    await goBack({
      ...{ ecs, clock, cluster: names.cluster },
      services: services.map((service) => ({ service, ecsName: names.service(service) })),
      timeoutSeconds: Math.max(deliveryTimes(config).stepBackMinutes * 60, backSeconds),
      progress: (line) => log(`restart: ${line}`),
    });
  } catch (unsettled) {
    left.push(`what ECS was at could not be ended: ${messageOf(unsettled)}`);
  }
  const seconds = secondsSince(record.begunAt, clock.now());
  const restored = left.length === 0 ? release.id : undefined;
  await ledger.end(record, { status: "failed", reason, seconds, restored });
  if (!(error instanceof DeliveryError)) return error as Error;
  return new DeliveryError(
    `the restart of ${services.join(", ")} in ${stack} failed: ${reason}. It is still ${release.id}: ECS keeps old tasks until ` +
      `new ones are healthy, unless the strategy is recreate`,
    [
      ...detailsOf(error),
      ...left,
      `what runs, and why tasks failed: gantry status --stack ${stack}`,
    ],
    { cause: error },
  );
}
