import type { Emulator } from "../emulator";
import type { Pipeline } from "./pipelines";

/**
 * The stages of a pipeline as they stand open to executions: one at a time in each, in the order in which they came. So
 * no execution overtakes another, and what is deployed last is what came last.
 */
export class StageQueue {
  private readonly last = new Map<string, Promise<void>>();

  /** Waits until all that came before have left the stage. @returns how to leave it. */
  async enter(stage: string): Promise<() => void> {
    const before = this.last.get(stage) ?? Promise.resolve();
    let leave = () => {};
    const left = new Promise<void>((resolve) => (leave = resolve));
    this.last.set(
      stage,
      before.then(() => left),
    );
    await before;
    return leave;
  }
}

const queues = new WeakMap<Emulator, Map<string, StageQueue>>();

/** The queue that all executions of a pipeline share; undefined for one whose executions run side by side. */
export function queueOf(
  emulator: Emulator,
  { name, executionMode }: Pick<Pipeline, "name" | "executionMode">,
): StageQueue | undefined {
  if (executionMode === "PARALLEL") return undefined;
  const own = queues.get(emulator) ?? new Map<string, StageQueue>();
  queues.set(emulator, own);
  const queue = own.get(name) ?? new StageQueue();
  own.set(name, queue);
  return queue;
}
