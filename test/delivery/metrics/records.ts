import type {
  DeploymentEvent,
  DeploymentRecord,
  LedgerEvent,
} from "../../../delivery/ledger/events";
import { foldAll } from "../../../delivery/ledger/fold";
import { releaseNumber } from "../support/fakePorts";

/** A minute of the year 2026. */
export const minute = (count: number): string =>
  new Date(Date.UTC(2026, 0, 1, 0, count)).toISOString();

/** An event, by the minute. */
export type Told = readonly [at: number, event: DeploymentEvent];

/** A ledger that is written event by event, as delivery does: read as delivery reads it. */
export class Story {
  private readonly events: LedgerEvent[] = [];
  private number = 0;

  /** A deployment: its beginning, and what happened then. @returns its number. */
  add(beginning: Told, ...later: readonly Told[]): number {
    this.number += 1;
    for (const [sequence, [at, event]] of [beginning, ...later].entries()) {
      this.events.push({ ...event, number: this.number, sequence, at: minute(at) });
    }
    return this.number;
  }

  /** Newest first. */
  get records(): DeploymentRecord[] {
    return foldAll([...this.events].reverse());
  }
}

export const begun = (
  at: number,
  release: number,
  more: Partial<Extract<DeploymentEvent, { event: "begun" }>> = {},
): Told => [
  at,
  {
    ...{ event: "begun", kind: "deploy", release: releaseNumber(release) },
    ...{ owner: `execution-${at}`, actor: "ada", ...more },
  },
];

export const deployed = (at: number): Told => [at, { event: "deployed", seconds: 60 }];
export const verified = (at: number): Told => [at, { event: "verified" }];
export const held = (at: number): Told => [at, { event: "held", seconds: 60, services: ["web"] }];
export const concluding = (at: number): Told => [at, { event: "concluding" }];
export const failed = (
  at: number,
  stage: "deploy" | "verify" | "approval" | "shift" | "superseded",
  restored?: number,
): Told => [
  at,
  {
    ...{ event: "failed", stage, reason: "it is bad" },
    ...(restored === undefined ? {} : { restored: releaseNumber(restored).id }),
  },
];
