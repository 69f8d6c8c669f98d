import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Log } from "../progress";
import { bounded, engineLimits } from "./bounded";
import { finishedChanges, nameOf, plannedChanges, type PlannedChange } from "./changes";
import { engineErrors, engineFailure } from "./failure";
import { selectStack, type StackPlace } from "./readBack";

/** What `pulumi destroy` would do. */
export interface Destruction {
  /** Deletions, in their order: components too, and what only leaves the state. */
  readonly changes: readonly PlannedChange[];
  /** By URN, of what is in AWS: its name, id or ARN there. */
  readonly ids: Readonly<Record<string, string>>;
  /** Names of what Pulumi refuses to delete. Where there are any, nothing can be destroyed. */
  readonly protects: readonly string[];
}

/**
 * Looks what a destruction would delete. It goes by the state: the program does not run, and nothing is asked of AWS.
 * @throws EngineError where that cannot be found out.
 */
export async function plannedDestruction(target: StackPlace): Promise<Destruction> {
  const { previewMs, graceMs } = engineLimits;
  const events: EngineEvent[] = [];
  const errors: string[] = [];
  const what = "pulumi destroy --preview-only";
  try {
    const stack = await selectStack(target);
    await bounded(what, previewMs, graceMs, (signal) =>
      stack.previewDestroy({
        ...{ signal, suppressProgress: true },
        onEvent: (event) => {
          events.push(event);
          errors.push(...engineErrors(event));
        },
      }),
    );
  } catch (error) {
    // What is protected fails the preview, which goes on to its end.
    if (destructionOf(events).protects.length === 0) {
      throw engineFailure(what, target, errors, error);
    }
  }
  return destructionOf(events);
}

/** What the events of its preview say. */
export function destructionOf(events: readonly EngineEvent[]): Destruction {
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const protects = steps.filter(({ op, old }) => op === "delete" && old?.protect === true);
  return {
    changes: plannedChanges(events),
    ids: Object.fromEntries(steps.flatMap(({ urn, old }) => (old?.id ? [[urn, old.id]] : []))),
    protects: protects.map(({ urn }) => nameOf(urn)),
  };
}

/** What is deleted in AWS: what only groups others is nothing there, and what is retained stays. */
export function deletedOf({ changes }: Pick<Destruction, "changes">): PlannedChange[] {
  return changes.filter(({ isComponent, isRetained }) => !isComponent && !isRetained);
}

export interface DestroyOptions {
  /** Interrupts Pulumi, which then ends what it has begun. */
  readonly signal: AbortSignal;
  /** Receives a line for each resource that is gone. */
  readonly progress: Log;
}

/**
 * Deletes everything that the state has, as `pulumi destroy` does. It takes as long as AWS takes: a person waits for it, and may
 * interrupt it.
 * @throws StackLockedError where another update holds the state; EngineError with what could not be deleted.
 */
export async function destroyStack(
  target: StackPlace,
  { signal, progress }: DestroyOptions,
): Promise<void> {
  const errors: string[] = [];
  try {
    const stack = await selectStack(target);
    await stack.destroy({
      ...{ signal, suppressProgress: true },
      onEvent: (event) => {
        errors.push(...engineErrors(event));
        finishedChanges(event).forEach((line) => progress(line));
      },
    });
  } catch (error) {
    throw engineFailure("pulumi destroy", target, errors, error);
  }
}
