import assert from "node:assert/strict";
import type { Release } from "../../../contract/manifest";
import { environmentNames } from "../../../contract/names";
import { Ledger } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import type { Releases } from "../../../operations/releases/releases";
import { FakeClock, type DeliveryBench } from "../delivery/support";
import { usePipeline, type PipelineBench } from "./pipelineBench";

function release(digit: string): Release {
  const digest = `sha256:${digit.repeat(64)}`;
  return {
    ...{ id: `${digit.repeat(8)}-1`, commit: digit.repeat(40), createdAt: "2026-01-31T11:00:00Z" },
    images: { web: { uri: "example.com/web", tag: digit.repeat(8), digest } },
  };
}

describe("gantry releases on the emulator", () => {
  let bench: DeliveryBench;
  let shop: PipelineBench;

  usePipeline((...made) => ([bench, shop] = made));

  it("reads ledger and pointer, and the pointers of the other stacks", async () => {
    const { dynamodb, ssm } = bench.clients;
    const empty = await shop.run("releases");
    assert.deepEqual(
      [empty.code, empty.stdout],
      [0, "production knows no release yet, or its history was lost\n"],
    );

    const names = environmentNames({ name: "shop", stack: "production" });
    const ledger = new Ledger(dynamodb, names.ledger, new FakeClock(), "production");
    for (const [digit, owner] of [
      ["a", "e-1"],
      ["b", "e-2"],
    ]) {
      const beginning = { kind: "deploy", release: release(digit), owner, actor: "ada" } as const;
      const record = await ledger.begin(beginning, await ledger.recent());
      await ledger.mark(await ledger.end(record, { status: "deployed", seconds: 60 }), {
        status: "verified",
      });
    }
    await writePointer(ssm, names, release("b"));
    const staging = environmentNames({ name: "shop", stack: "staging" });
    await writePointer(ssm, staging, release("a"));
    shop.project.lay(
      "Pulumi.staging.yaml",
      'config:\n  aws:region: eu-west-1\n  gantry:services: { web: { image: "example.com/web:1" } }\n',
    );
    shop.project.lay("Pulumi.wrong.yaml", "config:\n  aws:region: eu-west-1\n");

    const { code, stdout } = await shop.run("releases");
    assert.equal(code, 0);
    assert.match(stdout, /^bbbbbbbb-1 .* ada {2}web b{12} {2}- +should run, verified$/m);
    assert.match(stdout, /^aaaaaaaa-1 .* staging +ran before, verified$/m);
    assert.match(stdout, /gantry rollback --stack production goes to aaaaaaaa-1/);
    assert.match(stdout, /whether wrong runs one of them is not known/);
    const { version, releases } = JSON.parse(
      (await shop.run("releases", "--json", "--limit", "1")).stdout,
    ) as Releases & { version: number };
    assert.equal(version, 1);
    assert.deepEqual(
      releases.map(({ id, images }) => [id, images?.web.digest]),
      [["bbbbbbbb-1", `sha256:${"b".repeat(64)}`]],
    );
  });
});
