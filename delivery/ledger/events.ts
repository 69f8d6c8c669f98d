import type { Release } from "../../contract/manifest";
import type { LedgerNote, Standing } from "./notes";

/**
 * `restore` puts back the desired release, where somebody changed the services beside the pipeline. `restart` exchanges the tasks of
 * services for new ones of the same release.
 */
export type DeploymentKind = "deploy" | "rollback" | "restore" | "restart";
/** `held`: the new tasks run beside the old ones, and wait for their verification before they get requests. */
export type DeploymentStatus = "inProgress" | "held" | "deployed" | "verified" | "failed";
/**
 * Where a deployment failed: while it was made, when it was verified, when people were asked after that, or as requests went over to
 * what was verified. `superseded`: a newer release took its place before people had approved it.
 */
export type FailureStage = "deploy" | "verify" | "approval" | "shift" | "superseded";

/** Where a release comes from: what delivery metrics count from. ISO 8601, UTC; what nobody knew then is absent. */
export interface ReleaseOrigin {
  /** When its commit was made. */
  readonly committedAt?: string;
  /** When the environment that promoted it had verified it. */
  readonly verifiedAt?: string;
}

/** What happened to a deployment, as the ledger keeps it. */
export type DeploymentEvent =
  | {
      readonly event: "begun";
      readonly kind: DeploymentKind;
      readonly release: Release;
      /** What ran before. Absent before the first release. */
      readonly previous?: Release;
      readonly owner: string;
      readonly actor: string;
      /** Of a `deploy`. Absent where an earlier version of Gantry began it. */
      readonly origin?: ReleaseOrigin;
      /** Of a `restart`: whose tasks are exchanged, as config calls them. */
      readonly services?: readonly string[];
    }
  /** Every release command of the deployment has run. */
  | { readonly event: "releaseCommand" }
  /** `pulumi up` starts on this host, which is how a lock of Pulumi is known for its own. */
  | { readonly event: "updating"; readonly host: string }
  /** The deployment goes on once somebody has said whether the new tasks are good; its lock is kept until then. */
  | {
      readonly event: "held";
      readonly seconds: number;
      /** Services whose new tasks wait, as config calls them. */
      readonly services: readonly string[];
    }
  /** Whoever holds it has begun to let it go on, or to take it back: no newer release takes its place any more. */
  | { readonly event: "concluding" }
  | {
      readonly event: "deployed";
      readonly seconds: number;
      /** Services of which no task should run then: nothing shows that the release runs there. Default: none. */
      readonly unproven?: readonly string[];
    }
  | { readonly event: "verified" }
  | {
      readonly event: "failed";
      readonly stage: FailureStage;
      readonly reason: string;
      /** Id of the release that runs again. Absent where there was none to go back to, or it failed too. */
      readonly restored?: string;
      readonly seconds?: number;
    }
  /** A person took the lock away. */
  | { readonly event: "unlocked"; readonly actor: string };

/** An event in its place: which deployment's, how many came before it, and when. */
export type LedgerEvent = DeploymentEvent & {
  readonly number: number;
  /** 0 for `begun`. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
};

/** A deployment, as its events tell it. */
export interface DeploymentRecord {
  /** From 1. */
  readonly number: number;
  readonly kind: DeploymentKind;
  readonly release: Release;
  /** What ran before it. Absent before the first release. */
  readonly previous?: Release;
  /** What holds its lock: an execution of the pipeline, or a person's command. */
  readonly owner: string;
  /** Who began it, for people. */
  readonly actor: string;
  /** ISO 8601, UTC. */
  readonly begunAt: string;
  readonly status: DeploymentStatus;
  /** When it was deployed, or failed. */
  readonly endedAt?: string;
  /** Services whose new tasks wait for their verification. Absent where none do. */
  readonly held?: readonly string[];
  /** How long it took, from its beginning to its end, or until it was held. */
  readonly seconds?: number;
  /** Why it failed. */
  readonly reason?: string;
  readonly failedStage?: FailureStage;
  /** Id of the release that was put back after the failure. */
  readonly restored?: string;
  /** Services of which no task should run when it was deployed. Absent where all were seen to run it. */
  readonly unproven?: readonly string[];
  readonly releaseCommandDone: boolean;
  /** Who took its lock away. Absent where nobody did. */
  readonly unlockedBy?: string;
  /** The host of the last `pulumi up` for it. */
  readonly updatingHost?: string;
  /** What happened to it, in order: names of events. */
  readonly history: readonly string[];
  /** When each of them happened first: ISO 8601, UTC, by the event's name. */
  readonly times: Readonly<Record<string, string>>;
  /** Where its release comes from. Absent where an earlier version of Gantry began it, and of what is no `deploy`. */
  readonly origin?: ReleaseOrigin;
  /** Of a `restart`: whose tasks are exchanged, as config calls them. Absent of all others, which concern every service. */
  readonly services?: readonly string[];
}

/** Who may change the services at the moment. */
export interface LockRecord {
  readonly number: number;
  readonly owner: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly releaseId: string;
}

/** What the ledger says at a moment. */
export interface LedgerView {
  /** Newest first. */
  readonly records: readonly DeploymentRecord[];
  readonly lock?: LockRecord;
  /** Who holds the environment, and what is overridden. Absent where nobody ever noted anything. */
  readonly standing?: Standing;
  /** What was noted since the oldest of the records, newest first. Absent where nothing was. */
  readonly notes?: readonly LedgerNote[];
}
