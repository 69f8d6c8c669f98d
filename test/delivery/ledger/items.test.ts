import assert from "node:assert/strict";
import type { DeploymentEvent } from "../../../delivery/ledger/events";
import { eventItem, lockItem, readEvent, readLock } from "../../../delivery/ledger/items";
import { begun, inPlace, release } from "./events";

describe("the ledger's items", () => {
  const events: DeploymentEvent[] = [
    begun,
    { ...begun, previous: release } as DeploymentEvent,
    { ...begun, origin: { committedAt: "2026-01-31T11:00:00.000Z" } } as DeploymentEvent,
    {
      ...begun,
      origin: { committedAt: "2026-01-31T11:00:00.000Z", verifiedAt: "2026-01-31T11:30:00.000Z" },
    } as DeploymentEvent,
    { ...begun, kind: "restart", services: ["api", "web"] } as DeploymentEvent,
    { event: "releaseCommand" },
    { event: "updating", host: "build-1" },
    { event: "held", seconds: 31, services: ["api", "web"] },
    { event: "deployed", seconds: 42.5 },
    { event: "deployed", seconds: 3, unproven: ["jobs", "web"] },
    { event: "verified" },
    { event: "failed", stage: "deploy", reason: "exit code 1", seconds: 0 },
    { event: "failed", stage: "shift", reason: "an alarm fired", seconds: 9 },
    { event: "failed", stage: "verify", reason: "500", restored: "11111111-1" },
    { event: "unlocked", actor: "ada" },
  ];
  for (const told of inPlace(events)) {
    it(`keep ${told.event} (${told.sequence}) whole`, () => {
      assert.deepEqual(readEvent(eventItem(told)), told);
    });
  }

  it("stand in the order of numbers and of what happened, the lock in a partition of its own", () => {
    const items = [
      ...inPlace(events, 9),
      ...inPlace(events, 10),
      ...inPlace(events, 99_999_999),
    ].map(eventItem);
    const lock = lockItem({ number: 1, owner: "o", at: "t", releaseId: "r" });
    assert.deepEqual([...new Set(items.map(({ pk }) => pk.S))], ["deployments"]);
    assert.equal(lock.pk.S, "lock");
    const keys = items.map(({ sk }) => sk.S ?? "");
    assert.deepEqual([...keys].sort(), keys);
    assert.equal(keys[0], "00000009#00");
  });

  it("keep the lock", () => {
    const lock = {
      number: 17,
      owner: "execution-1",
      at: "2026-01-31T12:00:00.000Z",
      releaseId: release.id,
    };
    assert.deepEqual(readLock(lockItem(lock)), lock);
    assert.equal(readEvent(lockItem(lock)), undefined);
    assert.equal(readLock(eventItem(inPlace([begun])[0])), undefined);
    assert.equal(readLock(undefined), undefined);
  });

  it("fail where a release in them is malformed, naming the deployment", () => {
    const item = { ...eventItem(inPlace([begun])[0]), release: { S: "{}" } };
    assert.throws(() => readEvent(item), /the release of deployment 17 in the ledger is malformed/);
  });
});
