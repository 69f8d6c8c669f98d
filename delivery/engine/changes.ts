import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation";

/** What Pulumi's events and plans have for a value that only the update makes known. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

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
  /** Of a replacement alone. */
  readonly replacement?: Replacement;
  /** Whether it only groups others, and is nothing in AWS. Default: no. */
  readonly isComponent?: boolean;
  /** Of a deletion: whether the resource stays in AWS and goes from the state alone. Default: no. */
  readonly isRetained?: boolean;
}

export interface Replacement {
  /** The properties that force it. Empty where Pulumi does not say. */
  readonly causes: readonly string[];
  /** Whether the old resource is deleted before the new one is there. */
  readonly deletesFirst: boolean;
}

const kinds: Readonly<Partial<Record<OpType, PlannedChange["op"]>>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  import: "import",
};

/**
 * The resources that a preview would change, in its order. A replacement is one change, though the engine takes three
 * steps for it; what stays, is read or belongs to no provider is none.
 */
export function plannedChanges(events: readonly EngineEvent[]): PlannedChange[] {
  const deletedSoFar = new Set<string>();
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    // The replacement itself comes after the deletion where that is first, and before it where it is last.
    if (metadata?.op === "delete-replaced") deletedSoFar.add(metadata.urn);
    const op = metadata && kinds[metadata.op];
    if (!op || isInternal(metadata.type)) return [];
    return [plannedChange(metadata, op, deletedSoFar.has(metadata.urn))];
  });
}

/** What has just been changed, for people: nothing, or one line. */
export function finishedChanges({ resOutputsEvent }: EngineEvent): string[] {
  const metadata = resOutputsEvent?.metadata;
  const op = metadata && kinds[metadata.op];
  if (!op || isInternal(metadata.type)) {
    return [];
  }
  const past = {
    ...{ create: "created", update: "updated", replace: "replaced", import: "imported" },
    delete: isRetained(metadata) ? "left in AWS, and forgot," : "deleted",
  };
  return [`${past[op]} ${shortType(metadata.type)} ${nameOf(metadata.urn)}`];
}

function isRetained({ op, old }: StepEventMetadata): boolean {
  return op === "delete" && old?.retainOnDelete === true;
}

/** `aws:ecs/taskDefinition:TaskDefinition` as `aws:ecs:TaskDefinition`, which is how Pulumi shows it. */
export function shortType(type: string): string {
  const [provider, module, name] = type.split(":");
  return [provider, module?.split("/")[0], name].filter(Boolean).join(":");
}

function plannedChange(
  metadata: StepEventMetadata,
  op: PlannedChange["op"],
  deletesFirst: boolean,
): PlannedChange {
  const { custom } = metadata.new ?? metadata.old ?? {};
  return {
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    op,
    properties: metadata.diffs ?? [],
    oldInputs: (metadata.old?.inputs ?? {}) as Inputs,
    newInputs: (metadata.new?.inputs ?? {}) as Inputs,
    ...(op === "replace" ? { replacement: { causes: metadata.keys ?? [], deletesFirst } } : {}),
    // The engine leaves out what is false.
    ...(custom ? {} : { isComponent: true }),
    ...(isRetained(metadata) ? { isRetained: true } : {}),
  };
}

/** Providers and the stack itself change with the program's outputs and plugins; nothing in AWS does. */
function isInternal(type: string): boolean {
  return type.startsWith("pulumi:");
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
