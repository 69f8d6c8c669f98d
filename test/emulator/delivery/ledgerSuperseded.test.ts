import assert from "node:assert/strict";
import type { Ledger } from "../../../delivery/ledger";
import { type DeploymentRecord } from "../../../delivery/ledger";
import { beginningOf, useLedger, type LedgerBench } from "./ledgerSupport";
import type { DeliveryBench } from "./support";

describe("a deployment that is held, in the ledger on the emulator", () => {
  let bench: DeliveryBench;
  let ledger: Ledger;

  let ledgerOf: LedgerBench["ledgerOf"];

  useLedger((made) => ({ bench, ledger, ledgerOf } = made));

  const hold = async (build: number) => {
    const begun = await ledger.begin(beginningOf(build), await ledger.recent());
    return ledger.note(begun, { event: "held", seconds: 5, services: ["web"] });
  };
  const over = (supersedes: DeploymentRecord, build = 2) => ({
    ...beginningOf(build),
    supersedes,
  });

  it("gives way to a newer one in one step, by one call", async () => {
    const held = await hold(1);
    const view = await ledger.recent();
    const calls = await bench.callsOf(() => ledger.begin(over(held), view));
    assert.deepEqual(calls, { "dynamodb:TransactWriteItems": 1 });
    const { records, lock } = await ledger.recent();
    assert.deepEqual(
      records.map(({ number, status, failedStage, reason }) => [
        ...[number, status, failedStage, reason],
      ]),
      [
        [2, "inProgress", undefined, undefined],
        [1, "failed", "superseded", "superseded by release 3f9c2a1b-2"],
      ],
    );
    assert.deepEqual([lock?.number, lock?.owner], [2, "execution-2"]);
    // As a client sees it whose first answer was lost.
    const again = await ledgerOf().begin(beginningOf(2), await ledger.recent());
    assert.deepEqual(again, records[0]);
  });

  it("gives way to one of two, and not once it is being concluded", async () => {
    const held = await hold(1);
    const view = await ledger.recent();
    const both = await Promise.allSettled([
      ledgerOf().begin(over(held, 2), view),
      ledgerOf().begin(over(held, 3), view),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const refused = both.find((result) => result.status === "rejected");
    assert.match(String(refused?.reason), /is locked: deployment 2 of release 3f9c2a1b-[23]/);

    const late = await ledger.note(held, { event: "concluding" });
    assert.equal(late.status, "failed", "whoever concludes it sees that it is over");
    const [next] = (await ledger.recent()).records;
    const waits = await ledger.note(next, { event: "held", seconds: 5, services: ["web"] });
    const stale = await ledger.recent();
    await ledger.note(waits, { event: "concluding" });
    await assert.rejects(
      ledger.begin(over(waits, 4), stale),
      /deployment 2 .* is being concluded by execution-[23].*Nothing was changed/,
    );
    assert.deepEqual((await ledger.recent()).lock?.number, 2);
    assert.equal((await ledger.recent()).records.length, 2);
  });

  it("gives way to nobody once a person has taken its lock, or holds the environment", async () => {
    const held = await hold(1);
    const view = await ledger.recent();
    const note = { note: "hold", by: "grace", reason: "prices" } as const;
    await ledger.annotate(note, view);
    await assert.rejects(ledger.begin(over(held), view), /is on hold since .* by grace: prices/);
    const noted = await ledger.recent();
    const since = noted.standing?.hold?.at ?? "";
    await ledger.annotate({ note: "resumed", by: "grace", since }, noted);
    await ledger.unlock("grace");
    await assert.rejects(ledger.begin(over(held), view), /was made by another/);
    assert.equal((await ledger.recent()).lock, undefined);
  });
});
