import assert from "node:assert/strict";
import type { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Ledger } from "../../../delivery/ledger";
import { type LedgerView } from "../../../delivery/ledger";
import type { Target } from "../../../delivery/target";
import { beginningOf, deploy, itemsOf, useLedger, type LedgerBench } from "./ledgerSupport";
import type { DeliveryBench } from "./support";

describe("the ledger on the emulator, in runs that die and runs that go on", () => {
  let bench: DeliveryBench;
  let target: Target;
  let ledger: Ledger;

  let ledgerOf: LedgerBench["ledgerOf"];

  useLedger((made) => ({ bench, target, ledger, ledgerOf } = made));

  const keys = () => itemsOf(bench.clients, target);

  describe("killed and run again", () => {
    class Killed extends Error {}

    /** A client that dies at its nth call: before it is sent, or before its answer is seen. */
    function dying(call: number, when: "before" | "after"): DynamoDBClient {
      let calls = 0;
      const real = bench.clients.dynamodb;
      const send = async (command: PutItemCommand) => {
        calls += 1;
        if (calls > call || (calls === call && when === "before")) throw new Killed();
        const answer = await real.send(command);
        if (calls === call) throw new Killed();
        return answer;
      };
      return { send } as unknown as DynamoDBClient;
    }

    for (const when of ["before", "after"] as const) {
      for (let call = 1; call <= 10; call++) {
        it(`${when} call ${call}: no entry is lost, none is there twice`, async () => {
          await deploy(ledger, 0);
          const run = deploy(ledgerOf(dying(call, when)), 1);
          await run.catch((error: unknown) => assert.ok(error instanceof Killed, String(error)));
          await deploy(ledgerOf(), 1);
          const events = [
            "00#begun",
            "01#releaseCommand",
            "02#updating",
            "03#deployed",
            "04#verified",
          ];
          assert.deepEqual(
            await keys(),
            ["00000001", "00000002"].flatMap((number) =>
              events.map((event) => `${number}#${event}`),
            ),
          );
        });
      }
    }

    it("dies often enough to reach every call of a deployment", async () => {
      await assert.rejects(deploy(ledgerOf(dying(6, "before")), 1), Killed);
      await ledger.unlock("grace");
      await deploy(ledgerOf(dying(99, "before")), 2);
    });
  });

  describe("many deployments", () => {
    it("are read in one query up to twenty, and in pages when more are asked for", async () => {
      for (let build = 1; build <= 30; build++) {
        const record = await ledger.begin(beginningOf(build), await ledger.recent(1));
        await ledger.end(record, { status: "deployed", seconds: build });
      }
      const numbers = ({ records }: LedgerView) => records.map(({ number }) => number);
      const countdown = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => from - index);
      assert.deepEqual(numbers(await ledger.recent()), countdown(30, 20));
      assert.deepEqual(numbers(await ledger.recent(2)), [30, 29]);
      assert.deepEqual(numbers(await ledger.recent(25)), countdown(30, 25));
      assert.deepEqual(numbers(await ledger.recent(Infinity)), countdown(30, 30));
      assert.deepEqual(await bench.callsOf(() => ledger.recent()), {
        "dynamodb:GetItem": 1,
        "dynamodb:Query": 1,
      });
    });

    it("are read on where a page ends within one", async () => {
      const record = await ledger.begin(beginningOf(1), await ledger.recent());
      let noted = record;
      for (let host = 0; host < 20; host++) {
        noted = await ledger.note(noted, { event: "updating", host: `build-${host}` });
      }
      const { records, lock } = await ledger.recent(1);
      assert.deepEqual(records, [noted]);
      assert.equal(lock?.number, 1);
    });
  });
});
