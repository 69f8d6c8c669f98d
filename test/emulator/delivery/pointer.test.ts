import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { systemClock } from "../../../delivery/clock";
import { gatherFacts } from "../../../delivery/facts/environments";
import { makeFactsPorts } from "../../../delivery/facts/ports";
import { Ledger } from "../../../delivery/ledger";
import { deletePointer, readPointer, writePointer } from "../../../delivery/pointer";
import { ReleaseError, type Release } from "../../../contract/manifest";
import { deploy, releaseNumbered } from "./ledgerSupport";
import { createLedgerTable } from "../../support/ledgerTable";
import { account, region, targetOf, type DeliveryBench } from "./support";
import { useBench } from "./useBench";

const { names } = targetOf();

function releaseOf(services: number): Release {
  const image = (service: string) => ({
    uri: `example.com/shop/staging/${service}`,
    tag: "3f9c2a1b",
    digest: `sha256:${"a".repeat(64)}`,
  });
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  return {
    id: "3f9c2a1b-17",
    commit: "3f9c2a1b".repeat(5),
    createdAt: "2026-01-31T12:00:00Z",
    images: Object.fromEntries(names.map((service) => [service, image(service)])),
  };
}

describe("the release pointer on the emulator", () => {
  let bench: DeliveryBench;

  useBench((started) => (bench = started));

  it("is how gantry status --all finds an environment whose config is elsewhere", async () => {
    const { clients } = bench;
    await createLedgerTable(clients, targetOf());
    const ledger = new Ledger(clients.dynamodb, names.ledger, systemClock, "staging");
    await deploy(ledger, 1);
    await writePointer(clients.ssm, names, releaseNumbered(1));
    // Of a stack that was never made there is no ledger, and of one without a release no pointer.
    const folder = mkdtempSync(join(tmpdir(), "gantry-facts-"));
    try {
      writeFileSync(join(folder, "Pulumi.yaml"), "name: blog\nruntime: nodejs\n");
      const services = '{"web":{"build":"app"}}';
      writeFileSync(
        join(folder, "Pulumi.staging.yaml"),
        `config:\n  aws:region: ${region}\n  gantry:services: ${services}\n`,
      );
      const ports = makeFactsPorts({ folder, clientsOf: () => clients, now: new Date(), env: {} });
      const { account: who, environments, gaps } = await gatherFacts(ports);
      assert.deepEqual([who, gaps], [account, []]);
      const [own, other] = environments;
      assert.equal(environments.length, 2);
      assert.ok(
        "unread" in own && /blog--staging--deployments/.test(own.unread),
        JSON.stringify(own),
      );
      assert.ok("release" in other, JSON.stringify(other));
      assert.deepEqual(
        [other.name, other.stack, other.isOfProject, other.release?.id, other.isVerified],
        ["shop", "staging", false, releaseNumbered(1).id, true],
      );
      assert.deepEqual([other.deployment?.number, other.deployment?.by], [1, "ada"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is nothing before the first release", async () => {
    assert.equal(await readPointer(bench.clients.ssm, names), undefined);
  });

  it("is what was written last, whatever else is on its path", async () => {
    const { ssm } = bench.clients;
    for (let index = 0; index < 12; index++) {
      const Name = `${names.releasePointerPath}/another-${index}`;
      await ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "String" }));
    }
    await writePointer(ssm, names, releaseOf(2));
    await writePointer(ssm, names, releaseOf(1));
    assert.deepEqual(await readPointer(ssm, names), releaseOf(1));
  });

  it("is the release alone for delivery, whatever it says of its verification", async () => {
    const { ssm } = bench.clients;
    await writePointer(ssm, names, releaseOf(1), { awaitsVerification: true });
    assert.deepEqual(await readPointer(ssm, names), releaseOf(1));
  });

  it("is written as a parameter that grows with its manifest", async () => {
    const { ssm } = bench.clients;
    await writePointer(ssm, names, releaseOf(1));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: names.releasePointer }));
    assert.equal(Parameter?.Type, "String");
    assert.deepEqual(JSON.parse(Parameter?.Value ?? ""), releaseOf(1));
  });

  it("holds fifty services", async () => {
    const { ssm } = bench.clients;
    await writePointer(ssm, names, releaseOf(50));
    assert.deepEqual(await readPointer(ssm, names), releaseOf(50));
  });

  it("is read and written in one call each", async () => {
    const { ssm } = bench.clients;
    assert.deepEqual(await bench.callsOf(() => writePointer(ssm, names, releaseOf(1))), {
      "ssm:PutParameter": 1,
    });
    assert.deepEqual(await bench.callsOf(() => readPointer(ssm, names)), {
      "ssm:GetParametersByPath": 1,
    });
  });

  it("fails where it is malformed, with what is wrong", async () => {
    const { ssm } = bench.clients;
    const put = (Value: string) =>
      ssm.send(
        new PutParameterCommand({
          Name: names.releasePointer,
          Value,
          Type: "String",
          Overwrite: true,
        }),
      );
    await put("rubbish");
    await assert.rejects(readPointer(ssm, names), (error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(
        error.message,
        /the release pointer \/gantry\/shop\/staging\/release in SSM is malformed/,
      );
      return true;
    });
    await put(JSON.stringify({ ...releaseOf(1), commit: "main" }));
    await assert.rejects(readPointer(ssm, names), /commit: a full commit, 40 hexadecimal digits/);
  });

  it("stays as it is when a manifest is too long for it", async () => {
    const { ssm } = bench.clients;
    await writePointer(ssm, names, releaseOf(1));
    await assert.rejects(writePointer(ssm, names, releaseOf(100)), /an SSM parameter holds 8192/);
    assert.deepEqual(await readPointer(ssm, names), releaseOf(1));
  });

  it("goes back to nothing, once and again", async () => {
    const { ssm } = bench.clients;
    await writePointer(ssm, names, releaseOf(1));
    await deletePointer(ssm, names);
    await deletePointer(ssm, names);
    assert.equal(await readPointer(ssm, names), undefined);
  });
});
