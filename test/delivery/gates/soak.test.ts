import assert from "node:assert/strict";
import type { S3Client } from "@aws-sdk/client-s3";
import type { DeploymentRecord, Hold } from "../../../delivery/ledger";
import { deployThrough } from "../../../delivery/deploy";
import { closedTo, gateText } from "../../../delivery/gates";
import { newestPromoted } from "../../../delivery/guards";
import { overrideGates } from "../../../delivery/override";
import { aTarget } from "../support/aTarget";
import { aRecord, FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

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

  it("keeps it out until it is over, and nothing is changed but the history", async () => {
    await assert.rejects(
      deploy(),
      new RegExp(`${told} 2026-01-31 12:30 UTC\\. Nothing was changed`),
    );
    assert.deepEqual(env.done, ["refused"]);
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
    const closed = await closedTo(env.ports, { releaseId: two.id, view, promoted });
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
    assert.deepEqual(await newestPromoted(s3, production(), "123456789012"), {
      ...{ id: two.id, createdAt: two.createdAt, promotedAt },
    });
  });
});

/** At minutes of the hour that begins at 11:00; the clock of tests stands at 12:00. */
const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 11, minute)).toISOString();
const three = releaseNumber(3);

describe("a release that soaks where it was verified", () => {
  let env: FakeEnvironment;
  const deploy = () => deployThrough(env.ports, { release: two, owner: "execution", actor: "ada" });

  /** What staging did since two was deployed there, at 11:10; its bundle came at 11:15. */
  const after = (records: readonly DeploymentRecord[], hold?: Hold) => {
    const own = aRecord(1, two, { begunAt: at(5), endedAt: at(10), previous: one });
    const standing = hold && { version: 1, hold, overrides: [] };
    env.before = () =>
      Promise.resolve({
        records: [...records].reverse().concat(own),
        ...(standing && { standing }),
      });
  };
  const told = async () => {
    await deploy().then(
      () => assert.fail("it was deployed"),
      (error: Error) => (message = error.message),
    );
    return /now: (.*?)\. Nothing was changed\. (\w+)/.exec(message)?.slice(1);
  };
  let message = "";
  const verified = `it was verified in staging at ${at(15)}, and soaks there for 60 minutes`;
  const byHand = "Nobody";

  beforeEach(() => {
    env = FakeEnvironment.running(one, production());
    env.promoted = { ...two, promotedAt: at(15) };
  });

  const failed = (more: Partial<DeploymentRecord> = {}) =>
    aRecord(2, three, {
      ...{ begunAt: at(30), endedAt: at(40), status: "failed", restored: two.id, previous: two },
      ...more,
    });

  it("soaks on, and the time in which another was deployed and taken back does not count", async () => {
    after([failed()]);
    // 15 to 30, and 40 to 60: 35 minutes of 60.
    assert.deepEqual(await told(), [`${verified}; it opens at 2026-01-31 12:25 UTC`, "Its"]);
    assert.equal(env.retry.at, at(85));
    await env.clock.sleep(25 * 60_000);
    assert.equal((await deploy()).status, "deployed");
  });

  it("is asked about again while another one is being deployed there", async () => {
    after([failed({ status: "inProgress", endedAt: undefined })]);
    assert.deepEqual(await told(), [
      `${verified}; ${three.id} interrupts that after 15 minutes of 60; it opens at 2026-01-31 12:45 UTC`,
      "Its",
    ]);
    await env.clock.sleep(24 * 60 * 60_000);
    after([failed({ status: "held", endedAt: undefined, begunAt: at(74) })]);
    assert.deepEqual(
      (await told())?.[0].slice(-"2026-02-01 12:10 UTC".length),
      "2026-02-01 12:10 UTC",
    );
    after([failed({ status: "held", endedAt: undefined, begunAt: at(75) })]);
    assert.equal((await deploy()).status, "deployed");
  });

  it("is refused once somebody has gone back from it there, also when its time is over", async () => {
    const back = (more: Partial<DeploymentRecord> = {}) =>
      aRecord(2, one, { ...failed(), kind: "rollback", status: "deployed", release: one, ...more });
    const hold = { by: "ada", at: at(30), reason: "the checkout is slow", release: two.id };
    await env.clock.sleep(24 * 60 * 60_000);
    after([back()]);
    const left = "it was taken away in staging: ada went back from it to";
    assert.deepEqual(await told(), [`${left} ${one.id}, as deployment 2`, byHand]);
    // Before anything is changed there.
    after([], hold);
    const why = `ada went back from it at ${at(30)}: the checkout is slow`;
    assert.deepEqual(await told(), [`it was taken away in staging: ${why}`, byHand]);
    assert.match(message, /gantry override --stack production --reason "\.\.\." --release /);
    assert.equal(env.retry.at, undefined);
    // From the one that came after it.
    after([], { ...hold, release: three.id });
    assert.equal((await deploy()).status, "deployed");
  });

  it("is refused where its own deployment failed there later, and soaks anew where it comes again", async () => {
    const again = failed({ release: two, restored: one.id, reason: "502 from /" });
    after([again]);
    const left = "it was taken away in staging: its deployment 2 failed: 502 from /";
    assert.deepEqual(await told(), [left, byHand]);
    after([again, aRecord(3, two, { begunAt: at(45), endedAt: at(50), previous: one })]);
    assert.deepEqual(await told(), [`${verified}; it opens at 2026-01-31 12:50 UTC`, "Its"]);
  });

  it("is left to people where staging went on to another one before its time was over", async () => {
    after([aRecord(2, three, { begunAt: at(30), endedAt: at(40), previous: two })]);
    assert.deepEqual(await told(), [
      `staging went on to ${three.id} after 15 minutes of 60`,
      byHand,
    ]);
    after([aRecord(2, three, { begunAt: at(75), endedAt: at(80), previous: two })]);
    await env.clock.sleep(60 * 60_000);
    assert.equal((await deploy()).status, "deployed");
  });

  it("is left to people where nobody knows what runs there", async () => {
    after([failed({ restored: undefined })]);
    const unknown =
      "the history of staging does not say that it runs there, after 15 minutes of 60";
    assert.deepEqual(await told(), [unknown, byHand]);
    env.before = () => Promise.resolve({ records: [] });
    assert.match(
      (await told())?.[0] ?? "",
      /does not say that it runs there, after 0 minutes of 60/,
    );
  });

  it("soaks on beside what waited there for an approval, and was superseded", async () => {
    const superseded = failed({ failedStage: "superseded", restored: undefined });
    after([superseded]);
    assert.deepEqual(await told(), [`${verified}; it opens at 2026-01-31 12:25 UTC`, "Its"]);
  });

  it("is told to run by what the oldest known deployment found", async () => {
    env.before = () => Promise.resolve({ records: [failed()] });
    assert.deepEqual(await told(), [`${verified}; it opens at 2026-01-31 12:25 UTC`, "Its"]);
  });

  it("is refused where it cannot be asked there, with the way out", async () => {
    env.before = () =>
      Promise.reject(new Error("User is not authorized to perform: sts:AssumeRole"));
    assert.deepEqual(await told(), [
      "whether it still runs in staging cannot be found out: User is not authorized to perform: sts:AssumeRole. The pipeline " +
        "alone may ask, as a role that pulumi up --stack staging makes",
      byHand,
    ]);
    const request = { by: "ada", reason: "fixes the checkout", hours: 1, gates: ["soak"] };
    await overrideGates(env.ports.ledger, request, env.clock);
    assert.equal((await deploy()).status, "deployed");
  });

  it("is not asked about there without a soak time, nor where it was not promoted", async () => {
    let asked = 0;
    env = FakeEnvironment.running(one, production({}));
    env.promoted = { ...two, promotedAt: at(15) };
    env.before = () => Promise.reject(new Error(`asked ${(asked += 1)} times`));
    assert.equal((await deploy()).status, "deployed");
    assert.equal(asked, 0);
  });
});
