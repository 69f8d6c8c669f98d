import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Release } from "../stacks/manifest";
import type { Clock } from "./clock";
import type { DeploymentKind, DeploymentRecord, FailureStage, LockRecord } from "./ledger/events";

export type * from "./ledger/events";

/** What a deployment is begun with. */
export interface Beginning {
  readonly kind: DeploymentKind;
  readonly release: Release;
  /** What the pointer says before it. Absent before the first release. */
  readonly previous?: Release;
  /** The same for every run of one execution: it takes up what an earlier run of its own left. */
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
}

/** What the ledger says at a moment. */
export interface LedgerView {
  /** Newest first. */
  readonly records: readonly DeploymentRecord[];
  readonly lock?: LockRecord;
}

/** How a deployment ended. */
export type Ending =
  | { readonly status: "deployed"; readonly seconds: number }
  | {
      readonly status: "failed";
      readonly seconds: number;
      readonly reason: string;
      /** Id of the release that runs again. */
      readonly restored?: string;
    };

/** What is noted while a deployment is made. */
export type Progress =
  { readonly event: "releaseCommand" } | { readonly event: "updating"; readonly host: string };

/** What is noted about a deployment that has ended. */
export type Afterthought =
  | { readonly status: "verified" }
  | {
      readonly status: "failed";
      readonly reason: string;
      readonly restored?: string;
      /** Default: verify. */
      readonly stage?: FailureStage;
    };

export declare class Ledger {
  constructor(client: DynamoDBClient, table: string, clock: Clock, stack: string);
  recent(limit?: number): Promise<LedgerView>;
  begin(beginning: Beginning, latest: LedgerView): Promise<DeploymentRecord>;
  note(record: DeploymentRecord, progress: Progress): Promise<DeploymentRecord>;
  end(record: DeploymentRecord, ending: Ending): Promise<DeploymentRecord>;
  mark(record: DeploymentRecord, afterthought: Afterthought): Promise<DeploymentRecord>;
  unlock(actor: string): Promise<LockRecord | undefined>;
}
