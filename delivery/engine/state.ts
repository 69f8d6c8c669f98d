import { createHash } from "node:crypto";
import type { ServiceTargets } from "./targets";

/** The part of an exported stack that delivery reads. */
export interface StackState {
  readonly version: number;
  readonly deployment: {
    readonly manifest?: { readonly time?: string; readonly magic?: string };
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

export interface PendingOperation {
  readonly resource: ResourceState;
  /** `creating`, `updating`, `deleting`, `reading`, `importing`. */
  readonly type: string;
}

/** What Pulumi's state says of a stack, as far as delivery asks. */
export interface StateView {
  /** Changes with every update of the stack, whoever makes it. */
  readonly version: string;
  /** When the last update ended. Undefined before the first. */
  readonly writtenAt?: Date;
  /** By service, as config calls it: the task definition that it is on. */
  readonly taskDefinitions: Readonly<Record<string, string>>;
}

/** @param targets by service: where there is no ECS service, its newest task definition is what it is on. */
export function stateView(
  state: StackState,
  targets: Readonly<Record<string, ServiceTargets>>,
): StateView {
  const { resources = [], manifest } = state.deployment;
  const taskDefinitions = Object.entries(targets).flatMap(([name, { service, taskDefinition }]) => {
    const urn = service ?? taskDefinition;
    const found = resources.find((resource) => resource.urn === urn && resource.delete !== true);
    const arn = found?.outputs?.[service === undefined ? "arn" : "taskDefinition"];
    return typeof arn === "string" ? [[name, arn] as const] : [];
  });
  const writtenAt = new Date(manifest?.time ?? "");
  return {
    version: stateVersion(state),
    ...(Number.isNaN(writtenAt.getTime()) ? {} : { writtenAt }),
    taskDefinitions: Object.fromEntries(taskDefinitions),
  };
}

/** A short text that differs after every update of the stack: Pulumi writes the time of each into the state. */
export function stateVersion({ deployment }: StackState): string {
  const { time = "", magic = "" } = deployment.manifest ?? {};
  return createHash("sha256").update(`${time}\n${magic}`).digest("hex").slice(0, 16);
}
