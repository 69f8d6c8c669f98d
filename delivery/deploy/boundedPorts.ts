import type { Deadline } from "../deadline";
import { engineLimits, type EngineLimits } from "../engine/bounded";
import type { DeliveryEngine } from "../engine";
import type { Ports } from "./ports";

/**
 * Nothing that takes long is begun when the time of the command is over. What gives the lock back and tells the history
 * always is: the ledger and the pointer.
 */
export function boundedPorts<T extends Omit<Ports, "deadline">>(
  ports: T,
  deadline: Deadline,
): T & Ports {
  const before =
    <A extends readonly unknown[], R>(what: string, work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      deadline.requireTime(what);
      return work(...args);
    };
  return {
    ...ports,
    deadline,
    engine: boundedEngine(ports.engine, before),
    pulumi: boundedEngine(ports.pulumi, before),
    preflight: before("the preflight", ports.preflight),
    releaseCommand: before("the release command", ports.releaseCommand),
    steadyState: before("the wait for the steady state", ports.steadyState),
    truth: before("the truth check", ports.truth),
    goBack: before("the way back to the tasks from before", ports.goBack),
  };
}

type Before = <A extends readonly unknown[], R>(
  what: string,
  work: (...args: A) => Promise<R>,
) => (...args: A) => Promise<R>;

function boundedEngine(engine: DeliveryEngine, before: Before): DeliveryEngine {
  return {
    preview: before("the preview", (options) => engine.preview(options)),
    up: before("the update", (options) => engine.up(options)),
    state: () => engine.state(),
    requireUnlocked: () => engine.requireUnlocked(),
  };
}

/** How long Pulumi may take, with what is left of the command's time at that moment. */
export function engineLimitsWithin(deadline: Deadline): EngineLimits {
  return {
    get previewMs() {
      return deadline.within(engineLimits.previewMs);
    },
    get updateMs() {
      return deadline.within(engineLimits.updateMs);
    },
    get stateMs() {
      return deadline.within(engineLimits.stateMs);
    },
    graceMs: engineLimits.graceMs,
  };
}
