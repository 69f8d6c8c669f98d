import { createHash } from "node:crypto";

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

/** A short text that differs after every update of the stack: Pulumi writes the time of each into the state. */
export function stateVersion({ deployment }: StackState): string {
  const { time = "", magic = "" } = deployment.manifest ?? {};
  return createHash("sha256").update(`${time}\n${magic}`).digest("hex").slice(0, 16);
}
