import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { Installation } from "../installation";
import { bounded, engineLimits, type EngineLimits } from "./bounded";
import { nameOf } from "./changes";
import { engineErrors, engineFailure } from "./failure";
import { quietBackend } from "./quietBackend";
import { qualifiedStack, type Named } from "./stackName";
import { stateVersion } from "./state";

type Values = Readonly<Record<string, unknown>>;

/** A resource as Pulumi's state has it, and as it was found. */
export interface ReadResource {
  readonly urn: string;
  /** Such as `aws:ecs/service:Service`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** As AWS calls it: a name, an id or an ARN. */
  readonly id: string;
  readonly found: "asStated" | "otherwise" | "gone";
  /** Paths of the properties that an update would put back, as `tags.by`. Empty where the resource is as stated, or gone. */
  readonly properties: readonly string[];
  /** What the program gave, when it was last applied. */
  readonly inputs: Values;
  /** The same, as it is. Of what is gone, nothing. */
  readonly foundInputs: Values;
  /** All that the provider says of it, as it is. Of what is gone, what it said last. */
  readonly outputs: Values;
}

/** A resource that could not be read, and why. */
export interface UnreadResource extends Pick<ReadResource, "urn" | "type" | "name" | "inputs"> {
  /** What the provider said of it last. */
  readonly outputs: Values;
  readonly reason: string;
}

/** Everything in a stack's state, compared with what is there. */
export interface ReadBack {
  readonly resources: readonly ReadResource[];
  readonly unread: readonly UnreadResource[];
}

/** A stack of a program's folder. */
export type StackPlace = Named & {
  /** Where Pulumi.yaml is. */
  readonly folder: string;
};

export interface ReadBackOptions {
  /** What it waits for before it starts Pulumi. Default: nothing. */
  readonly installation?: Installation;
  readonly limits?: EngineLimits;
}

/**
 * Reads everything back that the state has, as `pulumi refresh --preview-only` does: by the providers that the state names,
 * without running the program. The state is neither locked nor written (`Refresh` of pkg/backend/diy/backend.go, Pulumi 3.245).
 * What differs is what an update with the same program would put back.
 * @throws EngineError where that cannot be done; not where some resources cannot be read, which are told.
 */
export async function readBack(
  target: StackPlace,
  { installation, limits = engineLimits }: ReadBackOptions = {},
): Promise<ReadBack> {
  await installation?.done();
  const events: EngineEvent[] = [];
  const errors: string[] = [];
  try {
    const stack = await selectStack(target);
    await bounded("pulumi refresh --preview-only", limits.previewMs, limits.graceMs, (signal) =>
      stack.previewRefresh({
        signal,
        suppressProgress: true,
        // The values of secrets are nobody's business here, and reading them no right of a role that reads.
        exclude: [...unreadTypes],
        onEvent: (event) => {
          events.push(event);
          errors.push(...engineErrors(event));
        },
      }),
    );
  } catch (error) {
    const found = readEvents(events);
    // The engine goes on after a resource that it cannot read, and fails at the end.
    if (isOfResources(events) && found.unread.length > 0) return found;
    throw engineFailure("pulumi refresh --preview-only", target, errors, error);
  }
  return readEvents(events);
}

/** What the state is known by: another text after each update, whoever made it. */
export async function readVersion(
  target: StackPlace,
  { installation, limits = engineLimits }: ReadBackOptions = {},
): Promise<string> {
  await installation?.done();
  try {
    return await bounded("pulumi stack export", limits.stateMs, 0, async () =>
      stateVersion(await (await selectStack(target)).exportStack()),
    );
  } catch (error) {
    throw engineFailure("pulumi stack export", target, [], error);
  }
}

/** Resources whose reading tells a secret, as patterns of URNs. */
const unreadTypes = ["**aws:secretsmanager/secretVersion:SecretVersion::**"] as const;

/** A stack whose program does not run. */
export function selectStack(target: StackPlace): Promise<Stack> {
  return LocalWorkspace.selectStack(
    { stackName: qualifiedStack(target), workDir: target.folder },
    { envVars: { ...quietBackend, ...passphrase() } },
  );
}

/**
 * Without a stack's file Pulumi makes a passphrase's key for config that there is none of. The state is opened by what the state
 * itself names, be that a passphrase, a key of KMS or Pulumi's service.
 */
function passphrase(): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  return given === undefined && file === undefined ? { PULUMI_CONFIG_PASSPHRASE: "" } : {};
}

/** Whether the engine came to its end, and every error is one resource's. */
function isOfResources(events: readonly EngineEvent[]): boolean {
  const failures = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [diagnosticEvent] : [],
  );
  return (
    events.some(({ summaryEvent }) => summaryEvent !== undefined) &&
    // What it says of the stack at the end follows from what it said of resources.
    failures.every(({ urn, message }) => urn !== undefined || /^preview failed/.test(message))
  );
}

/** What the events of a refresh say, resource by resource; components and providers are nothing in AWS. */
export function readEvents(events: readonly EngineEvent[]): ReadBack {
  const resources = events.flatMap(({ resOutputsEvent }): ReadResource[] => {
    const metadata = resOutputsEvent?.metadata;
    const old = metadata?.old;
    if (!metadata || !old?.custom || metadata.type.startsWith("pulumi:")) return [];
    const { urn, type, op, diffs = [], detailedDiff } = metadata;
    const found = op === "delete" ? "gone" : op === "update" ? "otherwise" : "asStated";
    return [
      {
        ...{ urn, type, name: nameOf(urn), id: old.id, found },
        properties: found === "otherwise" ? [...diffs, ...Object.keys(detailedDiff ?? {})] : [],
        inputs: (old.inputs ?? {}) as Values,
        foundInputs: found === "gone" ? {} : ((metadata.new?.inputs ?? {}) as Values),
        outputs: ((found === "gone" ? old : (metadata.new ?? old)).outputs ?? {}) as Values,
      },
    ];
  });
  const stated = new Map(
    events.flatMap(({ resourcePreEvent }) => {
      const { urn, old } = resourcePreEvent?.metadata ?? {};
      return urn === undefined || !old ? [] : [[urn, old] as const];
    }),
  );
  const unread = new Map<string, UnreadResource>();
  for (const { diagnosticEvent } of events) {
    const { urn, severity, message = "" } = diagnosticEvent ?? {};
    if (urn === undefined || severity !== "error" || unread.has(urn)) continue;
    const { inputs = {}, outputs = {} } = stated.get(urn) ?? {};
    unread.set(urn, {
      ...{ urn, type: typeOf(urn), name: nameOf(urn), reason: reasonOf(message) },
      ...{ inputs: inputs as Values, outputs: outputs as Values },
    });
  }
  return {
    resources: resources.filter(({ urn }) => !unread.has(urn)),
    unread: [...unread.values()],
  };
}

/** What a provider says of a call that failed, without what the engine and the SDK put around it. */
function reasonOf(message: string): string {
  const denied = /not authorized to perform: ([\w-]+:\w+)/.exec(message);
  if (denied) return `it may not call ${denied[1]}`;
  const text =
    /api error ([^]+)$/.exec(message)?.[1] ?? message.replace(/^[^]*?refreshing \S+: /, "");
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)} ...` : line;
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
