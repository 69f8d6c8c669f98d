import { secretInCommand } from "../../stacks/config/secretValues";

/** Raised with each change that whoever reads the JSON must know of; new fields do not raise it. */
export const auditVersion = 1;

/** What an entry is about. `change`: services, tasks and the pointer, beside the pipeline. `pipeline`: its executions and transitions. */
export type AuditKind =
  | "deployment"
  | "approval"
  | "hold"
  | "sleep"
  | "override"
  | "unlock"
  | "secret"
  | "session"
  | "change"
  | "pipeline";

/** Something that was done. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: AuditKind;
  /** What, for people. */
  readonly what: string;
  /** Who: an ARN, or as the ledger names people and executions. Absent where nobody says it any more. */
  readonly who?: string;
  /** Why, or what came of it, for people. */
  readonly detail?: string;
  /** Who says so. */
  readonly source: "ledger" | "CodePipeline" | "CloudTrail" | "CloudWatch Logs";
  /** By what it is found there: number of a deployment, id of an execution or an event, stream of a session. */
  readonly id: string;
}

/** What was done to an environment: what `gantry audit --json` prints. */
export interface Audit {
  readonly version: typeof auditVersion;
  readonly stack: string;
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  /** In the order of their times. */
  readonly entries: readonly AuditEntry[];
  /** What is not here, and why, for people. */
  readonly gaps: readonly string[];
}

/** From when to when it is asked for. */
export interface Period {
  readonly since: Date;
  readonly until: Date;
}

export function isWithin(at: string, { since, until }: Period): boolean {
  const ms = Date.parse(at);
  return ms >= since.getTime() && ms <= until.getTime();
}

/** What people have written, in one line; what seems to hold a secret is not repeated. */
export function told(text: string): string {
  const kind = secretInCommand(text);
  return kind === undefined
    ? text.replace(/\s*\n\s*/g, " ").trim()
    : `(not shown: it seems to hold ${kind})`;
}

/** {@link told}, where there is anything to tell. */
export function detailOf(text: string | undefined): Pick<AuditEntry, "detail"> {
  return text ? { detail: told(text) } : {};
}
