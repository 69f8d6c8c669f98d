import type { Release } from "../../contract/manifest";
import type {
  DeploymentEvent,
  DeploymentKind,
  DeploymentRecord,
  FailureStage,
  ReleaseOrigin,
} from "./events";
import { endedWell } from "./fold";

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
  /** Where the release comes from. Default: nobody knows. */
  readonly origin?: ReleaseOrigin;
  /** What is held, and whose lock it takes: that one ends as superseded in the same step. Default: nobody may have the lock. */
  readonly supersedes?: DeploymentRecord;
  /** A number that is spent though the ledger does not know it: the deployment's comes after it. Default: none. */
  readonly after?: number;
  /** Of a `restart`: whose tasks are exchanged, as config calls them. */
  readonly services?: readonly string[];
}

/** How a deployment ended. */
export type Ending =
  | {
      readonly status: "deployed";
      readonly seconds: number;
      /** Services of which no task should run. Default: none. */
      readonly unproven?: readonly string[];
    }
  | {
      readonly status: "failed";
      readonly seconds: number;
      readonly reason: string;
      /** Id of the release that runs again. */
      readonly restored?: string;
      /** Default: deploy. */
      readonly stage?: FailureStage;
    };

/** What is noted while a deployment is made. */
export type Progress = Extract<
  DeploymentEvent,
  { event: "releaseCommand" | "updating" | "held" | "concluding" }
>;

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

export type EndingEvent = Extract<DeploymentEvent, { event: "deployed" | "failed" }>;

export function beginningEvent(beginning: Beginning): DeploymentEvent {
  const { kind, release, previous, owner, actor, origin, services } = beginning;
  return {
    ...{ event: "begun", kind, release, owner, actor },
    ...(previous ? { previous } : {}),
    ...(origin && Object.keys(origin).length > 0 ? { origin } : {}),
    ...(services ? { services } : {}),
  };
}

/** How one ends in whose place a newer one is begun. */
export function supersededEvent({ release }: Beginning): EndingEvent {
  return { event: "failed", stage: "superseded", reason: `superseded by release ${release.id}` };
}

export function endingEvent(ending: Ending): EndingEvent {
  const { seconds } = ending;
  if (ending.status === "deployed") {
    const { unproven = [] } = ending;
    return { event: "deployed", seconds, ...(unproven.length > 0 ? { unproven } : {}) };
  }
  const { reason, restored, stage = "deploy" } = ending;
  return { event: "failed", stage, reason, ...(restored ? { restored } : {}), seconds };
}

export function afterthoughtEvent(afterthought: Afterthought): DeploymentEvent {
  if (afterthought.status === "verified") return { event: "verified" };
  const { stage = "verify", reason, restored } = afterthought;
  return { event: "failed", stage, reason, ...(restored ? { restored } : {}) };
}

/** Whether a deployment is what its own owner wants to begin once more. */
export function isSame({ kind, release, owner }: DeploymentRecord, beginning: Beginning): boolean {
  return (
    owner === beginning.owner && kind === beginning.kind && release.id === beginning.release.id
  );
}

/** Whether it has ended well, and its own owner wants to have it once more under its number. A restart is another one each time. */
export function isMadeAgain(record: DeploymentRecord, beginning: Beginning): boolean {
  return endedWell(record) && beginning.kind !== "restart" && isSame(record, beginning);
}
