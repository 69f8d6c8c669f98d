import {
  CommandError,
  type DiagnosticEvent,
  type EngineEvent,
  type OpMap,
  type OutputMap,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { step, type Log } from "./progress";
import { UpdateProgress } from "./updateProgress";

export type PhaseName = "up" | "preview" | "refresh" | "destroy";

/** What one run of the engine did. */
export interface Phase {
  readonly name: PhaseName;
  readonly seconds: number;
  /** Resources by operation: `{ create: 38 }`. */
  readonly changes: Readonly<Partial<OpMap>>;
}

/** A run of the engine that did not do what it should. The message is for a person. */
export class UpdateError extends Error {}

/** Policy packs, by their folders, and the files of their settings. */
export type PolicyPacks = Pick<UpOptions, "policyPacks" | "policyPackConfigs">;

/** Runs `pulumi up` and says how far it is. */
export async function up(stack: Stack, log: Log, packs: PolicyPacks = {}): Promise<Phase> {
  return run(stack, "up", log, async (onEvent) => {
    const { summary } = await stack.up({ onEvent, suppressProgress: true, ...packs });
    return summary.resourceChanges ?? {};
  });
}

export async function destroy(stack: Stack, log: Log): Promise<Phase> {
  return run(stack, "destroy", log, async (onEvent) => {
    const { summary } = await stack.destroy({ onEvent, suppressProgress: true });
    return summary.resourceChanges ?? {};
  });
}

/**
 * Runs a preview that must change nothing.
 * @throws UpdateError naming each resource that it would change, and which properties.
 */
export async function emptyPreview(stack: Stack, log: Log): Promise<Phase> {
  return mustChangeNothing(stack, "preview", log, async (onEvent) => {
    const { changeSummary } = await stack.preview({ onEvent, suppressProgress: true });
    return changeSummary;
  });
}

/**
 * Reads back what there is, which must be what was made.
 * @throws UpdateError naming each resource that is otherwise.
 */
export async function emptyRefresh(stack: Stack, log: Log): Promise<Phase> {
  return mustChangeNothing(stack, "refresh", log, async (onEvent) => {
    const { summary } = await stack.refresh({ onEvent, suppressProgress: true });
    return summary.resourceChanges ?? {};
  });
}

/** The outputs of a stack, without the engine's wrapping. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

type OnEvent = (event: EngineEvent) => void;

async function mustChangeNothing(
  stack: Stack,
  name: PhaseName,
  log: Log,
  work: (onEvent: OnEvent) => Promise<Partial<OpMap>>,
): Promise<Phase> {
  const changed: string[] = [];
  const phase = await run(stack, name, log, (onEvent) =>
    work((event) => {
      const metadata = event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
      const quiet = ["same", "read", "refresh"].includes(metadata?.op ?? "same");
      if (metadata && !quiet) {
        const properties = metadata.diffs?.length ? ` (${metadata.diffs.join(", ")})` : "";
        changed.push(
          `${metadata.op} ${metadata.type} ${metadata.urn.split("::").pop()}${properties}`,
        );
      }
      onEvent(event);
    }),
  );
  const others = Object.keys(phase.changes).filter((op) => op !== "same");
  if (others.length > 0) {
    const lines = [...new Set(changed)].map((line) => `\n  ${line}`);
    throw new UpdateError(`${name} of ${stack.name} is not empty:${lines.join("")}`);
  }
  return phase;
}

async function run(
  stack: Stack,
  name: PhaseName,
  log: Log,
  work: (onEvent: OnEvent) => Promise<Partial<OpMap>>,
): Promise<Phase> {
  const start = Date.now();
  const progress = new UpdateProgress();
  const errors: string[] = [];
  const onEvent = (event: EngineEvent) => {
    progress.take(event);
    if (event.diagnosticEvent?.severity === "error") errors.push(plain(event.diagnosticEvent));
  };
  const changes = await step(
    log,
    `${stack.name}: ${name}`,
    () =>
      work(onEvent).catch((error: unknown) => {
        throw failure(`${name} of ${stack.name} failed`, errors, error);
      }),
    {
      state: () => progress.text(),
      outcome: describe,
    },
  );
  return { name, seconds: (Date.now() - start) / 1000, changes };
}

/** What the engine said of resources, without the command lines and the trace that the Automation API puts around it. */
function failure(what: string, errors: readonly string[], error: unknown): unknown {
  if (errors.length === 0 || !(error instanceof CommandError)) {
    return error;
  }
  return new UpdateError([`${what}:`, ...errors].join("\n\n"), { cause: error });
}

function plain({ message, urn, color }: DiagnosticEvent): string {
  const resource = urn?.split("::").pop();
  const text = color ? message.replace(/<\{%[^%]*%\}>/g, "") : message;
  return (resource ? `${resource}: ${text}` : text).trimEnd();
}

function describe(changes: Partial<OpMap>): string {
  const parts = Object.entries(changes).map(([op, count]) => `${count} ${past[op] ?? op}`);
  return parts.join(", ") || "nothing to do";
}

const past: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  same: "unchanged",
  replace: "replaced",
  read: "read",
};
