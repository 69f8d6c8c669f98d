import { join } from "node:path";
import { planFiles } from "../../contract/artifacts";
import { shifts } from "../../contract/deploymentStrategy";
import type { Release } from "../../contract/manifest";
import { StackLockedError } from "../engine/locks";
import { targetUrns } from "../engine/targets";
import { DeliveryError, messageOf } from "../errors";
import { haveSameImages } from "../guards";
import { LockLostError, type DeploymentRecord } from "../ledger";
import type { HeldService } from "../steadyState";
import { stoppedUnchanged } from "../plan/violation";
import { refuseBeyondPlan } from "../plan/within";
import type { Ports } from "./ports";
import { recover, type Extent } from "./recovery";
import { hostsOf, noteUpdate, ownershipOf, secondsSince, settle } from "./update";

/** The deployment is done, but not in order with the ledger. */
export class UnrecordedError extends DeliveryError {}

export interface ExecutionOptions {
  /** The deployment that was begun: it holds the lock. */
  readonly record: DeploymentRecord;
  /** What the pointer says. */
  readonly running: Release | undefined;
  /** Whether release commands are run: a rollback runs none. */
  readonly releaseCommands: boolean;
  /** The folder with the approved plan. Default: there is none. */
  readonly planFolder?: string;
  /** What must hold for it to go on. Default: it was found to hold before it was begun. */
  readonly checks?: () => Promise<void>;
  /** Whether Pulumi's state may be wrong about what runs, and ECS be at something that another has left. Default: no. */
  readonly unsettled?: boolean;
  /** Whether another one waits whose place it takes: that one is gone back from, also where this one fails at once. Default: no. */
  readonly tookOver?: boolean;
  /** Whether it ends with new tasks that wait for their verification, where ECS holds them. Default: they get requests at once. */
  readonly holds?: boolean;
}

/**
 * Makes a deployment that was begun: from the release commands to its end in the ledger. Each step may have been made
 * before by a run that was killed.
 * @throws DeliveryError with the reason, after the release that ran before was put back.
 */
export async function execute(ports: Ports, options: ExecutionOptions): Promise<DeploymentRecord> {
  let { record } = options;
  const earlierHosts = hostsOf(record);
  const pointed = options.running?.id === record.release.id;
  const isChanged = earlierHosts.length > 0 || (options.tookOver ?? false);
  const since = updatesSince(ports, record);
  let extent: Extent = isChanged ? "services" : pointed ? "pointer" : "nothing";
  try {
    await options.checks?.();
    if (options.releaseCommands) {
      record = await runReleaseCommands(ports, record);
    }
    if (extent === "nothing") extent = "pointer";
    await point(ports, record.release, options);
    record = await noteUpdate(ports, record);
    await update(ports, record, earlierHosts, { ...options, since }).catch(
      async (error: unknown) => {
        // Somebody else's update: this one has not begun.
        const hasBegun = !(error instanceof StackLockedError);
        if (hasBegun && !(await stoppedUnchanged(ports, record, error))) extent = "services";
        throw error;
      },
    );
    extent = "services";
    const { held, unproven } = await settle(ports, record.release, {
      since,
      held: options.holds ? "stop" : "continue",
    });
    if (held.length > 0) return await hold(ports, record, held);
    return await finish(ports, record, unproven);
  } catch (error) {
    if (error instanceof UnrecordedError) {
      throw error;
    }
    throw await recover(ports, record, error, extent);
  }
}

/**
 * From when on what ECS is at may be this deployment's own doing: since it was begun; of one that is made again after its good
 * end, since now.
 */
function updatesSince({ clock }: Ports, { begunAt, endedAt }: DeploymentRecord): Date {
  return endedAt === undefined ? new Date(begunAt) : clock.now();
}

/** Runs the release commands of every service that has one, unless an earlier run of the deployment has. */
export async function runReleaseCommands(
  { progress, target, ledger, ...ports }: Ports,
  record: DeploymentRecord,
): Promise<DeploymentRecord> {
  const commands = Object.entries(target.config.services).flatMap(([service, config]) =>
    config.releaseCommand ? [[service, config.releaseCommand] as const] : [],
  );
  if (commands.length === 0) {
    return record;
  }
  if (record.releaseCommandDone) {
    progress.note("release command: an earlier run of this deployment has run it");
    return record;
  }
  return progress.step(
    "release command",
    async (note) => {
      for (const [service, command] of commands) {
        await ports.releaseCommand(record.release, service, command, record.number, note);
      }
      return ledger.note(record, { event: "releaseCommand" });
    },
    () => commands.map(([service]) => service).join(", "),
  );
}

async function point(
  { progress, pointer, target }: Ports,
  release: Release,
  { running, holds = false }: ExecutionOptions,
): Promise<void> {
  await progress.step(
    "pointer",
    async () => {
      if (running?.id !== release.id || !haveSameImages(running, release)) {
        await pointer.write(release, { awaitsVerification: holds && isAnyShifted(target) });
      }
    },
    () => release.id,
  );
}

/** Whether new tasks of a service may be held before users meet them. */
function isAnyShifted({ config }: Ports["target"]): boolean {
  return Object.values(config.services).some(
    (service) => service.kind !== "job" && shifts(service.deployment.strategy),
  );
}

/**
 * A plan can be carried out once: of a half-made one Pulumi would miss the steps that are done. A run that takes it up
 * previews what is left instead, and that must be in the plan.
 */
async function update(
  { progress, engine, target, ...ports }: Ports,
  record: DeploymentRecord,
  earlierHosts: readonly string[],
  { planFolder, unsettled = false, since }: ExecutionOptions & { readonly since: Date },
): Promise<void> {
  const { release } = record;
  const targets = targetUrns(target);
  const resumes = earlierHosts.length > 0;
  const planFile = planFolder && join(planFolder, planFiles.plan);
  await progress.step("update", async (note) => {
    const back = unsettled ? await ports.goBack(note, since) : [];
    // What ECS has gone back on is not as the state says, and Pulumi would leave alone what the plan does not change.
    const carriesOut = planFile !== undefined && !resumes && back.length === 0;
    if (planFile && !carriesOut) {
      await refuseBeyondPlan(planFile, await engine.preview({ release, targets }));
    }
    await engine.up({
      release,
      targets,
      planFile: carriesOut ? planFile : undefined,
      ownership: ownershipOf(record),
      resumes: resumes || unsettled,
      // A plan is held to the state that it was made for. But what ECS is at may be this deployment's own update, of which
      // a killed run has told the state nothing: to update once more would be refused.
      refresh:
        !carriesOut &&
        (unsettled || (resumes && (!planFile || (await ports.underWay()).length > 0))),
      progress: note,
    });
  });
}

/** The new tasks run, and get no request until `gantry conclude`: so the lock is kept. */
async function hold(
  ports: Ports,
  record: DeploymentRecord,
  held: readonly HeldService[],
): Promise<DeploymentRecord> {
  const { progress, ledger, clock, target } = ports;
  const seconds = secondsSince(record.begunAt, clock.now());
  const services = held.map(({ service }) => service);
  const noted = await recorded(ports, record, () =>
    progress.step(
      "record",
      () => ledger.note(record, { event: "held", seconds, services }),
      ({ release }) => `${release.id} waits for its verification, and gets no request before`,
    ),
  );
  for (const line of heldLines(held, target.stack)) progress.note(line);
  if (noted.status === "held") return noted;
  throw new UnrecordedError(
    `deployment ${record.number} of ${target.stack} lost its lock while it ran: ${noted.reason ?? "somebody took it away"}. ` +
      `Its new tasks wait, and get no request. Go back: gantry rollback --stack ${target.stack}`,
  );
}

/** For people: until when ECS waits for an answer, and how it is given by hand. */
export function heldLines(held: readonly HeldService[], stack: string): string[] {
  return held.map(
    ({ service, expiresAt }) =>
      `${service}: its new tasks wait${expiresAt ? ` until ${expiresAt.toISOString()}` : ""}: then ECS goes back by itself. ` +
      `They get requests by gantry verify and gantry conclude; to go back now: gantry rollback --stack ${stack}`,
  );
}

/** Tags what runs, and ends the deployment well. */
export async function finish(
  ports: Ports,
  record: DeploymentRecord,
  unproven: readonly string[],
): Promise<DeploymentRecord> {
  await tag(ports, record);
  // It serves: what the pointer said while it was held is over.
  if (isAnyShifted(ports.target)) await ports.pointer.write(record.release);
  return conclude(ports, record, unproven);
}

async function tag({ progress, ...ports }: Ports, record: DeploymentRecord): Promise<void> {
  await progress.step(
    "tags",
    () => ports.tag(record.release, record.number),
    () => `${ports.target.stack}-${record.number}`,
  );
}

/** The release runs and is proven: were it not for the ledger, all is well, so nothing is put back. */
function conclude(
  ports: Ports,
  record: DeploymentRecord,
  unproven: readonly string[],
): Promise<DeploymentRecord> {
  const { progress, ledger, clock } = ports;
  const seconds = secondsSince(record.begunAt, clock.now());
  return recorded(ports, record, () =>
    progress.step(
      "record",
      () => ledger.end(record, { status: "deployed", seconds, unproven }),
      ({ release }) =>
        `${release.id} deployed${unproven.length > 0 ? `, UNPROVEN for ${unproven.join(", ")}` : ""}`,
    ),
  );
}

/** @throws UnrecordedError where the ledger does not take it. */
async function recorded<T>(
  { target }: Ports,
  record: DeploymentRecord,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof LockLostError) {
      throw new UnrecordedError(error.message, error.details, { cause: error });
    }
    throw new UnrecordedError(
      `release ${record.release.id} runs on ${target.stack}, but the ledger could not be told: ${messageOf(error)}`,
      [
        "Run this again (it takes the deployment up), or clear its lock: gantry unlock --stack " +
          target.stack,
      ],
      { cause: error },
    );
  }
}
