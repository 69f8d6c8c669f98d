import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { Ledger, type Beginning, type NewNote } from "../../../delivery/ledger";
import { standingItem } from "../../../delivery/ledger/noteItems";
import { MemoryTable, tableClient } from "../held/world/memoryTable";
import { FakeClock } from "../support/fakeClock";
import { releaseNumber } from "../support/fakePorts";

describe("a ledger whose environment sleeps", () => {
  let table: MemoryTable;
  let ledger: Ledger;

  beforeEach(() => {
    table = new MemoryTable();
    const client = tableClient(table, (effect) => Promise.resolve(effect()));
    ledger = new Ledger(client, "t", new FakeClock(), "staging");
  });

  const note = async (wanted: NewNote) => ledger.annotate(wanted, await ledger.recent());
  const fall = (services: readonly string[]) =>
    note({ note: "asleep", by: "ada", services, schedules: [] });
  const hold: NewNote = { note: "hold", by: "grace", reason: "500" };
  /** As a version that knows no sleep writes what stands. */
  const writeOver = async () => {
    const { standing } = await ledger.recent();
    assert.ok(standing);
    const Item = { ...standingItem({ ...standing, sleep: undefined }) };
    table.answer(new PutItemCommand({ TableName: "t", Item }));
  };

  it("is known by its notes where an earlier version has written over what stands", async () => {
    const { after } = await fall(["web 2"]);
    await fall(["web 0", "mail 1"]);
    await writeOver();
    const { standing } = await ledger.recent();
    assert.deepEqual(standing?.sleep, { ...after.sleep, services: ["web 2", "mail 1"] });
    await note(hold);
    assert.equal((await ledger.recent()).standing?.sleep?.at, after.sleep?.at);
    await note({ note: "awake", by: "ada", since: after.sleep?.at ?? "" });
    await writeOver();
    assert.equal((await ledger.recent()).standing?.sleep, undefined);
  });

  it("keeps what a later version has noted with it", async () => {
    await note(hold);
    const { standing } = await ledger.recent();
    assert.ok(standing);
    const paused = { S: "since noon" };
    table.answer(
      new PutItemCommand({ TableName: "t", Item: { ...standingItem(standing), paused } }),
    );
    const { after } = await fall([]);
    assert.deepEqual(standingItem(after).paused, paused);
    const { standing: kept } = await ledger.recent();
    assert.deepEqual(kept, after);
  });

  it("does not begin again what has ended well", async () => {
    const asked: Beginning = {
      kind: "deploy",
      release: releaseNumber(1),
      owner: "e-1",
      actor: "ci",
    };
    const begun = await ledger.begin(asked, await ledger.recent());
    await ledger.end(begun, { status: "deployed", seconds: 1 });
    const unaware = await ledger.recent();
    assert.equal((await ledger.begin(asked, unaware)).number, 1);
    await ledger.end(begun, { status: "deployed", seconds: 1 });
    await fall(["web 2"]);
    await assert.rejects(ledger.begin(asked, unaware), /staging is asleep since/);
    assert.equal((await ledger.recent()).lock, undefined);
  });
});
