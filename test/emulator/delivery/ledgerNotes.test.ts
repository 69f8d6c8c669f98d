import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { audit } from "../../../delivery/audit/audit";
import { makeCloudTrail } from "../../../delivery/cloudTrail";
import { makeAuditPorts } from "../../../delivery/audit/ports";
import { makeClients, type Credentials } from "../../../delivery/clients";
import { systemClock } from "../../../delivery/clock";
import { Ledger, type NewNote } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import type { Target } from "../../../delivery/target";
import type { Emulator } from "../../../rehearsal/emulator";
import {
  beginningOf,
  deploy,
  itemsOf,
  releaseNumbered,
  useLedger,
  type LedgerBench,
} from "./ledgerSupport";
import { account, region, type DeliveryBench, type FakeClock } from "./support";
import { assume } from "./twoAccounts";

const held = { by: "ada", reason: "500", release: "3f9c2a1b-1" };
const hold: NewNote = { note: "hold", ...held };
const overridden = {
  ...{ by: "grace", reason: "hotfix" },
  ...{ until: "2026-02-01T00:00:00.000Z", gates: ["window", "freeze"] },
};
const override: NewNote = { note: "override", ...overridden };
const at = "2026-01-31T12:00:00.000Z";

describe("what the ledger on the emulator keeps beside deployments", () => {
  let bench: DeliveryBench;
  let target: Target;
  let clock: FakeClock;
  let ledger: Ledger;

  let ledgerOf: LedgerBench["ledgerOf"];

  useLedger((made) => ({ bench, target, clock, ledger, ledgerOf } = made), at);
  beforeEach(() => deploy(ledger, 1));

  const resumedOf = (since: string): NewNote => ({ note: "resumed", by: "grace", since });

  it("is read with the deployments, at no further call, and written by one", async () => {
    const calls = await bench.callsOf(async () => {
      await ledger.annotate(hold, await ledger.recent());
    });
    assert.deepEqual(calls, {
      "dynamodb:GetItem": 1,
      "dynamodb:Query": 1,
      "dynamodb:TransactWriteItems": 1,
    });
    await ledger.annotate(override, await ledger.recent());
    await deploy(ledger, 2).catch(() => undefined);
    let view = await ledger.recent();
    assert.deepEqual(await bench.callsOf(async () => (view = await ledger.recent())), {
      "dynamodb:GetItem": 1,
      "dynamodb:Query": 1,
    });
    assert.deepEqual(view.standing, {
      version: 2,
      hold: { ...held, at },
      overrides: [{ ...overridden, at }],
    });
    assert.deepEqual(view.notes, [
      { ...override, at, number: 1, version: 2 },
      { ...hold, at, number: 1, version: 1 },
    ]);
    assert.deepEqual(
      view.records.map(({ number, status }) => [number, status]),
      [[1, "verified"]],
    );
  });

  it("keeps new releases out, also those that have not seen it, and lets go back", async () => {
    const unaware = await ledger.recent();
    await ledger.annotate(hold, unaware);
    await assert.rejects(
      ledger.begin(beginningOf(2), unaware),
      /^DeliveryError: release 3f9c2a1b-2 is not deployed: staging is on hold since 2026-01-31T12:00:00.000Z \(0 min ago\), by ada: 500\. Nothing was changed\..* gantry resume --stack staging;/,
    );
    assert.equal((await ledger.recent()).lock, undefined);
    const back = await ledger.begin({ ...beginningOf(0), kind: "rollback" }, unaware);
    await ledger.end(back, { status: "deployed", seconds: 1 });
    const view = await ledger.recent();
    await ledger.annotate(resumedOf(at), view);
    assert.equal((await ledger.begin(beginningOf(2), view)).number, 3);
    assert.deepEqual(await itemsOf(bench.clients, target).then((keys) => keys.slice(5)), [
      "00000001#note#00000001",
      "00000002#00#begun",
      "00000002#01#deployed",
      "00000002#note#00000002",
      "00000003#00#begun",
      "lock",
      "standing",
    ]);
  });

  it("of two at once keeps both, and ends no hold that it has not seen", async () => {
    const view = await ledger.recent();
    await Promise.all([ledgerOf().annotate(hold, view), ledgerOf().annotate(override, view)]);
    const both = await ledger.recent();
    assert.deepEqual([both.standing?.version, both.standing?.hold?.by], [2, "ada"]);
    assert.equal(both.standing?.overrides.length, 1);
    await clock.sleep(60_000);
    await ledger.annotate({ ...hold, by: "grace" }, both);
    const { before, after } = await ledger.annotate(resumedOf(at), both);
    assert.equal(before, after);
    assert.equal(after.hold?.by, "grace");
  });

  it("killed at any call and made again is there once", async () => {
    for (let call = 1; call <= 3; call++) {
      for (const when of ["before", "after"] as const) {
        const reason = `${when} ${call}`;
        const run = async (through: Ledger) =>
          through.annotate({ ...hold, reason }, await through.recent());
        await assert.rejects(run(ledgerOf(dying(call, when))), /killed/);
        await run(ledger);
        const { notes = [] } = await ledger.recent();
        const made = notes.filter((note) => note.reason === reason);
        assert.equal(made.length, 1, reason);
      }
    }
  });

  /** A client that dies at its nth call: before it is sent, or before its answer is seen. */
  function dying(call: number, when: "before" | "after"): DynamoDBClient {
    let calls = 0;
    const send = async (command: PutItemCommand) => {
      calls += 1;
      if (calls === call && when === "before") throw new Error("killed");
      const answer = await bench.clients.dynamodb.send(command);
      if (calls === call) throw new Error("killed");
      return answer;
    };
    return { send } as unknown as DynamoDBClient;
  }

  it("is told to an auditor whose role has what the documentation says, and no secret with it", async () => {
    const { clients, emulator } = bench;
    await ledger.annotate(hold, await ledger.recent());
    const value = "correct-horse-battery-staple";
    await clients.secrets.send(new CreateSecretCommand({ Name: "payment-key", SecretString: "x" }));
    await clients.secrets.send(
      new PutSecretValueCommand({ SecretId: "payment-key", SecretString: value }),
    );
    await writePointer(clients.ssm, target.names, releaseNumbered(1));
    const reads = { ...target.config.services.web, secrets: { KEY: "payment-key" } };
    const audited = { ...target, config: { ...target.config, services: { web: reads } } };
    const keys = await auditor(emulator, target);
    const asAuditor = makeClients(region, keys, emulator.url);
    const ports = makeAuditPorts({
      ...{ target: audited, clients: asAuditor, clock: systemClock },
      cloudtrail: makeCloudTrail(region, keys, emulator.url),
      ledger: new Ledger(asAuditor.dynamodb, target.names.ledger, clock, target.stack),
    });
    const until = new Date();
    // What was before the ledger's fake time counts, too.
    const { audit: made } = await audit(ports, { since: new Date("2026-01-01"), until });
    const whats = made.entries.map(({ kind, what }) => `${kind}: ${what}`);
    for (const wanted of [
      /^deployment: deployment 1 \(deploy\) of 3f9c2a1b-1 began$/,
      /^hold: put on hold, 3f9c2a1b-1 was gone back from$/,
      /^secret: PutSecretValue payment-key$/,
      /^change: PutParameter \/gantry\/shop\/staging\/release$/,
    ]) {
      assert.ok(
        whats.some((what) => wanted.test(what)),
        `${wanted} is none of ${whats.join("\n")}`,
      );
    }
    assert.deepEqual(
      made.gaps.filter((gap) => /cannot be read|not known/.test(gap)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(made), new RegExp(value));
  });
});

/** Somebody whose role has the statements of `docs/facts.md`, of this environment. */
async function auditor(emulator: Emulator, { names }: Target): Promise<Credentials> {
  const text = readFileSync(join(__dirname, "../../../docs/facts.md"), "utf8");
  const [, policy] = /### A role for auditors[^]*?```json\n([^]*?)```/.exec(text) ?? [];
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const iam = new IAMClient({ region, credentials, endpoint: emulator.url });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "auditor",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            ...{ Effect: "Allow", Action: "sts:AssumeRole" },
            Principal: { AWS: `arn:aws:iam::${account}:root` },
          },
        ],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      ...{ RoleName: "auditor", PolicyName: "audit" },
      PolicyDocument: policy
        .replaceAll("shop--production", names.prefix)
        .replaceAll("/gantry/shop/production", names.releasePointerPath),
    }),
  );
  const root = makeClients(region, credentials, emulator.url);
  return assume(root, Role?.Arn ?? "");
}
