import { messageOf } from "../../delivery/errors";
import { ContainerEnded } from "./backgroundProgram";
import type { Connection } from "./connection";
import { Unhealthy } from "./health";
import type { ServiceContainers, ServiceTask } from "./serviceContainers";

export interface DeploymentsOptions {
  readonly connection: Connection;
  readonly services: ServiceContainers;
  readonly log: (line: string) => void;
}

/** A deployment that ECS has in progress, as the emulator tells it. */
interface InProgress extends ServiceTask {
  readonly id: string;
  readonly desiredCount: number;
  /** Whether old tasks stop before new ones start. */
  readonly stopsFirst: boolean;
  /** Of one that shifts traffic. */
  readonly strategy?: string;
}

/** What tasks of a service run. */
interface Runs extends Pick<ServiceTask, "cluster" | "service"> {
  /** ARNs. */
  readonly taskDefinitions: readonly string[];
  /** The stage of a deployment that shifts traffic; null where none is under way. */
  readonly shifts: string | null;
}

interface Told {
  readonly inProgress: readonly InProgress[];
  readonly running: readonly Runs[];
}

/** Why the tasks of a deployment do not stay. */
interface Failure {
  readonly reason: string;
  readonly stoppedReason: string;
  readonly stopCode: string;
  readonly exitCode?: number;
  readonly logLines: readonly string[];
}

const pollMs = 500;
/** ECS's breaker goes by failures in a row, of which there are at least three. */
const failedTasks = 3;
/** Ten minutes of a bake take five seconds. Hooks wait for pipelines and people, who are no faster here than on AWS. */
const clock = { minuteSeconds: 0.5, hookMinuteSeconds: 60 };

/**
 * Decides how deployments end by what their containers do: each is started here from the image that its task definition
 * names. One that exits, or does not answer its health check, is what trips ECS's circuit breaker. One that does goes on, and
 * the one before it is stopped; first, where the service's deployment configuration has no room for both.
 *
 * Of a deployment that shifts traffic it is green's start alone that is decided so: ECS's stages end it, and containers stop
 * as ECS stops their tasks.
 */
export class Deployments {
  private readonly judged = new Set<string>();
  private readonly shifting = new Set<string>();
  private retired: Promise<unknown> = Promise.resolve();
  private ended = false;
  private readonly work: Promise<void>;

  private constructor(private readonly options: DeploymentsOptions) {
    this.work = this.watch();
  }

  /** Holds every deployment from now on, until its containers have run. */
  static async hold(options: DeploymentsOptions): Promise<Deployments> {
    const { emulator } = options.connection;
    await emulator.control("ecs/clock", clock);
    await emulator.control("ecs/deployments", { held: true });
    return new Deployments(options);
  }

  /** Lets deployments complete without a look again. */
  async stop(): Promise<void> {
    const { emulator } = this.options.connection;
    this.ended = true;
    await this.work;
    await this.retired;
    await emulator.control("ecs/clock", { minuteSeconds: 0 });
    await emulator.control("ecs/deployments", { held: false });
  }

  private async watch(): Promise<void> {
    while (!this.ended) {
      const { inProgress, running } = await this.told();
      const found = inProgress.filter(({ id }) => !this.judged.has(id));
      found.forEach(({ id }) => this.judged.add(id));
      for (const deployment of found) await this.end(deployment);
      await this.shift(running);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  private told(): Promise<Told> {
    return this.options.connection.emulator.control<Told>("ecs/deployments");
  }

  private async end(deployment: InProgress): Promise<void> {
    const { connection, services, log } = this.options;
    const { id, cluster, service, strategy, taskDefinition } = deployment;
    const rolls = strategy === undefined;
    if (!rolls) this.shifting.add(keyOf(deployment));
    if (rolls && deployment.stopsFirst) await services.retire(deployment, [taskDefinition]);
    const failure = await this.failureOf(deployment);
    const outcome = failure
      ? { outcome: "rollsBack", failedTasks, ...failure }
      : { outcome: "completes" };
    log(
      `${service}: ${failure ? `its container does not start: ${failure.stoppedReason}` : "its container runs"}`,
    );
    try {
      const decided = { id, cluster, service, ...outcome };
      await connection.emulator.control("ecs/current-deployment", decided);
      if (rolls && !failure) await services.retire(deployment, [taskDefinition]);
    } catch (error) {
      // Another deployment has come in the meantime, and is looked at in its turn.
      log(`${service}: ${messageOf(error)}`);
    }
  }

  /** Brings deployments that shift traffic further, as time does, and stops the containers of tasks that ECS has stopped. */
  private async shift(before: readonly Runs[]): Promise<void> {
    const { connection, services, log } = this.options;
    const stages = before.filter(({ shifts }) => shifts !== null);
    stages.forEach((runs) => this.shifting.add(keyOf(runs)));
    // Nothing but healthy tasks ends SCALE_UP, where each look is another task that fails.
    if (stages.some(({ shifts }) => shifts !== "SCALE_UP")) {
      await connection.emulator.control("ecs/clock", { minutes: 0 });
    }
    if (this.shifting.size === 0) return;
    const { inProgress, running } = await this.told();
    // Those that are over, too: a request that was under way may have started a container again.
    for (const runs of running.filter((one) => this.shifting.has(keyOf(one)))) {
      // The container of a deployment runs before its tasks do.
      const coming = inProgress.filter((one) => keyOf(one) === keyOf(runs));
      const kept = [...runs.taskDefinitions, ...coming.map(({ taskDefinition }) => taskDefinition)];
      // Requests that are slow to be answered keep nothing else waiting.
      const retired = services.retire(runs, kept).catch((error: unknown) => {
        log(`${runs.service}: ${messageOf(error)}`);
      });
      this.retired = Promise.all([this.retired, retired]);
    }
  }

  private async failureOf(deployment: InProgress): Promise<Failure | undefined> {
    const { services } = this.options;
    try {
      if (deployment.desiredCount > 0 && (await services.canRun(deployment.taskDefinition))) {
        await startAgain(() => services.run(deployment));
      }
      return undefined;
    } catch (error) {
      return error instanceof Unhealthy ? isUnhealthy(error) : doesNotStart(error);
    }
  }
}

function keyOf({ cluster, service }: Pick<ServiceTask, "cluster" | "service">): string {
  return `${cluster}/${service}`;
}

/**
 * A task whose container ends is started again until the breaker trips: one that only waited for another service runs then.
 * buildah, too, loses at times what a container says that ends at once (its relay of the output does not outlive it).
 */
async function startAgain(start: () => Promise<unknown>): Promise<void> {
  for (let failed = 1; ; failed += 1) {
    try {
      await start();
      return;
    } catch (error) {
      const exited = error instanceof ContainerEnded && error.code !== undefined;
      if (!exited || failed === failedTasks) throw error;
    }
  }
}

function isUnhealthy({ message }: Unhealthy): Failure {
  return {
    reason: "tasks failed ELB health checks.",
    stoppedReason: message,
    stopCode: "ServiceSchedulerInitiated",
    logLines: [],
  };
}

function doesNotStart(error: unknown): Failure {
  const exited = error instanceof ContainerEnded;
  return {
    reason: "tasks failed to start.",
    stoppedReason: exited ? "Essential container in task exited" : messageOf(error).split("\n")[0],
    stopCode: exited ? "EssentialContainerExited" : "TaskFailedToStart",
    ...(exited && error.code !== undefined ? { exitCode: error.code } : {}),
    logLines: exited ? error.lines : [],
  };
}
