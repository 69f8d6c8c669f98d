import type { Connection } from "./connection";
import { buildahSays } from "./containers";
import type { GrowingFile } from "./growingFile";
import type { ServiceTask } from "./serviceContainers";

/** How often what a container has printed is put into its task's log, in milliseconds. */
const intervalMs = 1000;
/** For how many of these its tasks may come after it has ended, as a worker's do, whose container runs for seconds. */
const patience = 120;

export interface TaskLogOptions {
  readonly connection: Connection;
  readonly task: ServiceTask;
  /** As the task definition calls it. */
  readonly container: string;
  /** Where its output goes to. */
  readonly output: GrowingFile;
}

/**
 * What the container of a task definition prints, in the log of a task, where ECS's log driver has it. The container runs before the
 * tasks that it is for: until they are there, it is kept.
 */
export class TaskLog {
  private readonly timer: NodeJS.Timeout;
  private kept: readonly string[] = [];
  private hasEnded = false;
  private left = patience;
  private putting: Promise<void> = Promise.resolve();

  constructor(private readonly options: TaskLogOptions) {
    this.timer = setInterval(() => void this.put(), intervalMs).unref();
  }

  /** Puts what is left, once the container has ended. */
  async end(): Promise<void> {
    this.hasEnded = true;
    await this.put();
  }

  private put(): Promise<void> {
    this.putting = this.putting
      .then(() => this.send())
      // The service is gone, or the emulator is: nobody looks for the log any more.
      .catch(() => (this.left = 0))
      .then(() => {
        if (this.hasEnded && this.kept.length > 0) this.left -= 1;
        if (this.left <= 0 || (this.hasEnded && this.kept.length === 0)) clearInterval(this.timer);
      });
    return this.putting;
  }

  private async send(): Promise<void> {
    const { connection, task, container, output } = this.options;
    const said = await output.lines(this.hasEnded);
    // Logs have no empty events. What one says that never became healthy, its task's end has told.
    const lines = [...this.kept, ...said.filter((line) => line && !buildahSays.test(line))];
    if (lines.length === 0) return;
    this.kept = lines;
    const told = { ...task, container, lines };
    const { task: arn } = await connection.emulator.control<{ task: string | null }>(
      "ecs/task-logs",
      told,
    );
    if (arn !== null) this.kept = [];
  }
}
