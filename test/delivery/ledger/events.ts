import type { DeploymentEvent, LedgerEvent } from "../../../delivery/ledger/events";
import type { Release } from "../../../contract/manifest";

export const release: Release = {
  id: "3f9c2a1b-17",
  commit: "3f9c2a1b3f9c2a1b3f9c2a1b3f9c2a1b3f9c2a1b",
  createdAt: "2026-01-31T12:00:00Z",
  images: {
    web: { uri: "example.com/shop/web", tag: "3f9c2a1b", digest: `sha256:${"a".repeat(64)}` },
  },
};

export const begun: DeploymentEvent = {
  event: "begun",
  kind: "deploy",
  release,
  owner: "execution-1",
  actor: "ada",
};

export const minute = (count: number) => new Date(Date.UTC(2026, 0, 31, 12, count)).toISOString();

/** Events in their places, a minute apart. */
export function inPlace(events: readonly DeploymentEvent[], number = 17): LedgerEvent[] {
  return events.map((event, sequence) => ({ ...event, number, sequence, at: minute(sequence) }));
}
