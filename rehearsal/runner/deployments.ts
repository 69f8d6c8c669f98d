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

/**
 * Decides how deployments end by what their containers do: each is started here from the image that its task definition
 * names. One that exits, or does not answer its health check, is what trips ECS's circuit breaker. One that does goes on, and
 * the one before it is stopped; first, where the service's deployment configuration has no room for both.
 */
export class Deployments {
  private readonly judged = new Set<string>();
  private ended = false;
  private readonly work: Promise<void>;

  private constructor(private readonly options: DeploymentsOptions) {
    this.work = this.watch();
  }

  /** Holds every deployment from now on, until its containers have run. */
  static async hold(options: DeploymentsOptions): Promise<Deployments> {
    await options.connection.emulator.control("ecs/deployments", { held: true });
    return new Deployments(options);
  }

  /** Lets deployments complete without a look again. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.work;
    await this.options.connection.emulator.control("ecs/deployments", { held: false });
  }

  private async watch(): Promise<void> {
    const { emulator } = this.options.connection;
    while (!this.ended) {
      const { inProgress } = await emulator.control<{ inProgress: InProgress[] }>(
        "ecs/deployments",
      );
      const found = inProgress.filter(({ id }) => !this.judged.has(id));
      found.forEach(({ id }) => this.judged.add(id));
      for (const deployment of found) await this.end(deployment);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  private async end(deployment: InProgress): Promise<void> {
    const { connection, services, log } = this.options;
    const { cluster, service } = deployment;
    if (deployment.stopsFirst) await services.retire(deployment);
    const failure = await this.failureOf(deployment);
    const outcome = failure
      ? { outcome: "rollsBack", failedTasks, ...failure }
      : { outcome: "completes" };
    try {
      await connection.emulator.control("ecs/current-deployment", { cluster, service, ...outcome });
      log(
        `${service}: ${failure ? `its container does not start: ${failure.stoppedReason}` : "its container runs"}`,
      );
      if (!failure) await services.retire(deployment);
    } catch (error) {
      // Another deployment has come in the meantime, and is looked at in its turn.
      log(`${service}: ${messageOf(error)}`);
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
