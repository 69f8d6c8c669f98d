import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeliveryError } from "../../../delivery/errors";
import { Ledger, type LedgerView } from "../../../delivery/ledger";
import type { Target } from "../../../delivery/target";
import {
  beginningOf,
  deploy,
  itemsOf,
  releaseNumbered,
  useLedger,
  type LedgerBench,
} from "./ledgerSupport";
import type { FakeClock } from "./support";
import { type DeliveryBench } from "./support";

describe("the ledger on the emulator", () => {
  let bench: DeliveryBench;
  let target: Target;
  let clock: FakeClock;
  let ledger: Ledger;

  let ledgerOf: LedgerBench["ledgerOf"];

  useLedger((made) => ({ bench, target, clock, ledger, ledgerOf } = made), "2026-01-31T12:00:00Z");

  const keys = () => itemsOf(bench.clients, target);

  describe("a deployment", () => {
    it("is written event by event, locked from its beginning to its end", async () => {
      const empty = await ledger.recent();
      assert.deepEqual(empty, { records: [], lock: undefined });
      const begun = await ledger.begin({ ...beginningOf(1), previous: releaseNumbered(0) }, empty);
      assert.deepEqual([begun.number, begun.status], [1, "inProgress"]);
      const { lock } = await ledger.recent();
      assert.deepEqual(lock, {
        number: 1,
        owner: "execution-1",
        at: "2026-01-31T12:00:00.000Z",
        releaseId: "3f9c2a1b-1",
      });
      await clock.sleep(42_000);
      const noted = await ledger.note(begun, { event: "updating", host: "build-1" });
      const ended = await ledger.end(noted, { status: "deployed", seconds: 42 });
      const marked = await ledger.mark(ended, { status: "verified" });
      const { records, lock: none } = await ledger.recent();
      assert.equal(none, undefined);
      assert.deepEqual(records, [marked]);
      assert.deepEqual(records[0], {
        number: 1,
        kind: "deploy",
        release: releaseNumbered(1),
        previous: releaseNumbered(0),
        owner: "execution-1",
        actor: "ada",
        begunAt: "2026-01-31T12:00:00.000Z",
        status: "verified",
        endedAt: "2026-01-31T12:00:42.000Z",
        seconds: 42,
        reason: undefined,
        held: undefined,
        failedStage: undefined,
        restored: undefined,
        unproven: undefined,
        releaseCommandDone: false,
        updatingHost: "build-1",
        history: ["begun", "updating", "deployed", "verified"],
        times: {
          begun: "2026-01-31T12:00:00.000Z",
          updating: "2026-01-31T12:00:42.000Z",
          deployed: "2026-01-31T12:00:42.000Z",
          verified: "2026-01-31T12:00:42.000Z",
        },
      });
    });

    it("costs two calls to see, and one to begin, to note and to end", async () => {
      let view: LedgerView = { records: [] };
      const calls = (run: () => Promise<unknown>) => bench.callsOf(run);
      assert.deepEqual(await calls(async () => (view = await ledger.recent())), {
        "dynamodb:GetItem": 1,
        "dynamodb:Query": 1,
      });
      let record = await ledger.begin(beginningOf(1), view);
      assert.deepEqual(
        await calls(async () => (record = await ledger.note(record, { event: "releaseCommand" }))),
        { "dynamodb:PutItem": 1 },
      );
      assert.deepEqual(await calls(() => ledger.end(record, { status: "deployed", seconds: 1 })), {
        "dynamodb:TransactWriteItems": 1,
      });
      const latest = await ledger.recent();
      assert.deepEqual(await calls(() => ledger.begin(beginningOf(2), latest)), {
        "dynamodb:TransactWriteItems": 1,
      });
    });

    it("that failed frees the lock, and the next one has the next number", async () => {
      const record = await ledger.begin(beginningOf(1), await ledger.recent());
      await ledger.end(record, {
        status: "failed",
        seconds: 9,
        reason: "no",
        restored: "3f9c2a1b-0",
      });
      const next = await ledger.begin(beginningOf(2), await ledger.recent());
      assert.equal(next.number, 2);
      const [, failed] = (await ledger.recent()).records;
      assert.deepEqual(
        [failed.status, failed.reason, failed.restored, failed.failedStage],
        ["failed", "no", "3f9c2a1b-0", "deploy"],
      );
    });

    it("is noted once, also by who knows an earlier state of it", async () => {
      const begun = await ledger.begin(beginningOf(1), await ledger.recent());
      for (let again = 0; again < 3; again++) {
        await ledger.note(begun, { event: "releaseCommand" });
        await ledger.note(begun, { event: "updating", host: "build-1" });
      }
      await ledger.note(begun, { event: "updating", host: "build-2" });
      await ledger.end(begun, { status: "deployed", seconds: 1 });
      await ledger.end(begun, { status: "deployed", seconds: 1 });
      await ledger.mark(begun, { status: "failed", reason: "500" });
      await ledger.mark(begun, { status: "failed", reason: "500" });
      assert.deepEqual(await keys(), [
        "00000001#00#begun",
        "00000001#01#releaseCommand",
        "00000001#02#updating",
        "00000001#03#updating",
        "00000001#04#deployed",
        "00000001#05#failed",
      ]);
    });
  });

  describe("the lock", () => {
    it("refuses another owner: who holds it, since when, and how to clear it", async () => {
      await ledger.begin(beginningOf(1), await ledger.recent());
      await clock.sleep(25 * 60_000);
      await assert.rejects(
        async () => ledger.begin(beginningOf(2), await ledger.recent()),
        (error) => {
          assert.ok(error instanceof DeliveryError);
          assert.match(error.message, /^staging is locked: deployment 1 of release 3f9c2a1b-1 /);
          assert.match(
            error.message,
            /held by ada, execution-1 since 2026-01-31T12:00:00.000Z \(25 min ago\)/,
          );
          assert.match(error.message, /gantry unlock --stack staging$/);
          return true;
        },
      );
      assert.deepEqual(await keys(), ["00000001#00#begun", "lock"]);
    });

    it("is taken by one of two that begin at the same moment", async () => {
      const view = await ledger.recent();
      const results = await Promise.allSettled([
        ledgerOf().begin(beginningOf(1), view),
        ledgerOf().begin(beginningOf(2), view),
      ]);
      assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      const refused = results.find((result) => result.status === "rejected");
      assert.match(String(refused?.reason), /is locked: deployment 1 of release 3f9c2a1b-[12]/);
      assert.deepEqual(await keys(), ["00000001#00#begun", "lock"]);
    });

    it("refuses who judged by a ledger that is no longer true", async () => {
      const stale = await ledger.recent();
      await deploy(ledger, 1);
      await assert.rejects(
        ledger.begin(beginningOf(2), stale),
        /deployment 1 of staging was made by another/,
      );
      assert.equal((await ledger.recent()).records.length, 1);
    });

    it("is entered again by its own owner, for the same release only", async () => {
      const first = await ledger.begin(beginningOf(1), await ledger.recent());
      const again = await ledgerOf().begin(beginningOf(1), await ledger.recent());
      assert.deepEqual(again, first);
      // As a client sees it whose first answer was lost.
      assert.deepEqual(await ledgerOf().begin(beginningOf(1), { records: [] }), first);
      await assert.rejects(
        async () => ledger.begin(beginningOf(2, "execution-1"), await ledger.recent()),
        /locked by this same owner \(execution-1\), but for release 3f9c2a1b-1 and not for 3f9c2a1b-2/,
      );
    });

    it("is taken again for a deployment that had ended well, under its number", async () => {
      const first = await ledger.begin(beginningOf(1), await ledger.recent());
      await ledger.end(first, { status: "deployed", seconds: 1 });
      const again = await ledger.begin(beginningOf(1), await ledger.recent());
      assert.deepEqual([again.number, again.status], [1, "deployed"]);
      assert.deepEqual(await keys(), ["00000001#00#begun", "00000001#01#deployed", "lock"]);
      await assert.rejects(
        async () => ledger.begin(beginningOf(2), await ledger.recent()),
        /is locked/,
      );
      await ledger.end(again, { status: "deployed", seconds: 1 });
      assert.deepEqual(await keys(), ["00000001#00#begun", "00000001#01#deployed"]);
    });

    it("begins anew after a failure, also for the same owner", async () => {
      const first = await ledger.begin(beginningOf(1), await ledger.recent());
      await ledger.end(first, { status: "failed", seconds: 1, reason: "no" });
      assert.equal((await ledger.begin(beginningOf(1), await ledger.recent())).number, 2);
    });

    it("is cleared by a person, who is recorded", async () => {
      await ledger.begin(beginningOf(1), await ledger.recent());
      const cleared = await ledger.unlock("grace");
      assert.equal(cleared?.owner, "execution-1");
      assert.equal(await ledger.unlock("grace"), undefined);
      const { records, lock } = await ledger.recent();
      assert.equal(lock, undefined);
      assert.deepEqual(
        [records[0].status, records[0].reason],
        ["failed", "abandoned: grace took its lock away"],
      );
      assert.equal((await ledger.begin(beginningOf(2), { records, lock })).number, 2);
    });

    it("is left where another came since a person saw one", async () => {
      const first = await ledger.begin(beginningOf(1), await ledger.recent());
      const { lock: seen } = await ledger.recent();
      await ledger.end(first, { status: "deployed", seconds: 1 });
      await ledger.begin(beginningOf(2), await ledger.recent());
      const gone = /the lock of deployment 1 is gone: .* locked for deployment 2/;
      await assert.rejects(ledger.unlock("grace", seen), gone);
    });

    it("that was cleared under a deployment is no success, but its end is recorded", async () => {
      const record = await ledger.begin(beginningOf(1), await ledger.recent());
      await ledger.unlock("grace");
      const other = await ledger.begin(beginningOf(2), await ledger.recent());
      await assert.rejects(
        ledger.end(record, { status: "deployed", seconds: 1 }),
        /deployment 1 of staging lost its lock while it ran; deployment 2 of release 3f9c2a1b-2 holds it/,
      );
      assert.deepEqual(
        (await ledger.recent()).records.map(({ number, status }) => [number, status]),
        [
          [2, "inProgress"],
          [1, "deployed"],
        ],
      );
      assert.equal((await ledger.recent()).lock?.number, other.number);
    });

    it("that was cleared is no hindrance to recording a failure", async () => {
      const record = await ledger.begin(beginningOf(1), await ledger.recent());
      await ledger.unlock("grace");
      await ledger.end(record, { status: "failed", seconds: 1, reason: "exit code 1" });
      assert.equal((await ledger.recent()).records[0].reason, "exit code 1");
    });
  });

  it("is read since a time, as far as pages go, and says whether that is all", async () => {
    for (const build of [1, 2, 3]) {
      await deploy(ledger, build);
      await clock.sleep(86_400_000);
    }
    const all = await ledger.since(new Date("2026-02-02T00:00:00Z"));
    assert.deepEqual([all.records.map(({ number }) => number), all.isWhole], [[3, 2, 1], true]);
    const { times } = all.records[0];
    assert.deepEqual(Object.keys(times).sort(), [
      ...["begun", "deployed", "releaseCommand", "updating", "verified"],
    ]);
  });

  it("says where it is missing", async () => {
    const missing = new Ledger(bench.clients.dynamodb, "none", clock, "staging");
    await assert.rejects(
      missing.recent(),
      /there is no DynamoDB table none.*pulumi up --stack staging/,
    );
  });

  it("reads past the events of a newer version", async () => {
    const record = await ledger.begin(beginningOf(1), await ledger.recent());
    await bench.clients.dynamodb.send(
      new PutItemCommand({
        TableName: target.names.ledger,
        Item: {
          pk: { S: "deployments" },
          sk: { S: "00000001#01" },
          event: { S: "paused" },
          at: { S: "now" },
        },
      }),
    );
    const [known] = (await ledger.recent()).records;
    assert.deepEqual([known.status, known.history], ["inProgress", ["begun", "paused"]]);
    await ledger.end(record, { status: "deployed", seconds: 1 });
    assert.equal((await ledger.recent()).records[0].status, "deployed");
  });
});
