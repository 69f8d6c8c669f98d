import assert from "node:assert/strict";
import type { S3Client } from "@aws-sdk/client-s3";
import type { STSClient } from "@aws-sdk/client-sts";
import { deployThrough } from "../../../delivery/deploy";
import { closedGates, gateText } from "../../../delivery/gates";
import { newestPromoted } from "../../../delivery/guards";
import { overrideGates } from "../../../delivery/override";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const production = (pipeline: object = { soakMinutes: 60 }) =>
  aTarget({ services: { web }, pipeline }, undefined, "production");

/** The clock of tests stands at 12:00. */
const promotedAt = "2026-01-31T11:29:30.000Z";

describe("the soak time of a release", () => {
  let env: FakeEnvironment;
  const begin = (pipeline?: object) => {
    env = FakeEnvironment.running(one, production(pipeline));
    env.promoted = { ...two, promotedAt };
  };
  const deploy = () => deployThrough(env.ports, { release: two, owner: "execution", actor: "ada" });
  const told = `it was verified in staging at ${promotedAt}, and soaks there for 60 minutes; it opens at`;

  beforeEach(() => begin());

  it("keeps it out until it is over, and nothing is changed", async () => {
    await assert.rejects(
      deploy(),
      new RegExp(`${told} 2026-01-31 12:30 UTC\\. Nothing was changed`),
    );
    assert.deepEqual(env.done, []);
    await env.clock.sleep(30 * 60_000 - 1);
    await assert.rejects(deploy(), /soaks there/);
    await env.clock.sleep(1);
    assert.equal((await deploy()).status, "deployed");
  });

  it("is told to whoever plans, by the clocks of the windows", async () => {
    begin({
      soakMinutes: 60,
      windows: {
        timezone: "Europe/Berlin",
        open: [{ days: "mon-sun", from: "00:00", to: "24:00" }],
      },
    });
    const { view, promoted } = env;
    const closed = await closedGates(env.ports, { releaseId: two.id, view, promoted });
    assert.deepEqual(closed.map(gateText), [`${told} 2026-01-31 13:30 Europe/Berlin`]);
  });

  it("is none by default, of a release that was not promoted, and where the bucket does not say when", async () => {
    begin({});
    assert.equal((await deploy()).status, "deployed");
    for (const promoted of [undefined, { ...two }]) {
      begin();
      env.promoted = promoted;
      assert.equal((await deploy()).status, "deployed");
    }
  });

  it("is overridden for a hotfix", async () => {
    const request = { by: "ada", reason: "fixes the checkout", hours: 1, gates: ["soak"] };
    await overrideGates(env.ports.ledger, request, env.clock);
    assert.equal((await deploy()).status, "deployed");
  });

  it("begins when its bundle arrives", async () => {
    const Metadata = { release: two.id, "created-at": two.createdAt };
    const LastModified = new Date(promotedAt);
    const s3 = { send: () => Promise.resolve({ Metadata, LastModified }) } as unknown as S3Client;
    const sts = {
      send: () => Promise.resolve({ Account: "123456789012" }),
    } as unknown as STSClient;
    assert.deepEqual(await newestPromoted({ s3, sts }, production()), {
      ...{ id: two.id, createdAt: two.createdAt, promotedAt },
    });
  });
});
