import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation";

type Inputs = Readonly<Record<string, unknown>>;

/** A resource that an update would change. */
export interface PlannedChange {
  readonly urn: string;
  /** Such as `aws:ecs/service:Service`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  readonly op: "create" | "update" | "replace" | "delete" | "import";
  /** The properties that change. Empty where the whole resource comes or goes. */
  readonly properties: readonly string[];
  readonly oldInputs: Inputs;
  readonly newInputs: Inputs;
}

const kinds: Readonly<Partial<Record<OpType, PlannedChange["op"]>>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  discard: "delete",
  import: "import",
};

/**
 * The resources that a preview would change, in its order. A replacement is one change, though the engine takes three
 * steps for it; what stays, is read or belongs to no provider is none.
 */
export function plannedChanges(events: readonly EngineEvent[]): PlannedChange[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    const op = metadata && kinds[metadata.op];
    return op && !isInternal(metadata.type) ? [plannedChange(metadata, op)] : [];
  });
}

/** What has just been changed, for people: nothing, or one line. */
export function finishedChanges({ resOutputsEvent }: EngineEvent): string[] {
  const metadata = resOutputsEvent?.metadata;
  const op = metadata && kinds[metadata.op];
  if (!op || isInternal(metadata.type)) {
    return [];
  }
  const past = { create: "created", update: "updated", replace: "replaced", delete: "deleted" };
  return [
    `${op === "import" ? "imported" : past[op]} ${shortType(metadata.type)} ${nameOf(metadata.urn)}`,
  ];
}

/** `aws:ecs/taskDefinition:TaskDefinition` as `aws:ecs:TaskDefinition`, which is how Pulumi shows it. */
export function shortType(type: string): string {
  const [provider, module, name] = type.split(":");
  return [provider, module?.split("/")[0], name].filter(Boolean).join(":");
}

function plannedChange(metadata: StepEventMetadata, op: PlannedChange["op"]): PlannedChange {
  return {
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    op,
    properties: metadata.diffs ?? [],
    oldInputs: (metadata.old?.inputs ?? {}) as Inputs,
    newInputs: (metadata.new?.inputs ?? {}) as Inputs,
  };
}

/** Providers and the stack itself change with the program's outputs and plugins; nothing in AWS does. */
function isInternal(type: string): boolean {
  return type.startsWith("pulumi:");
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
