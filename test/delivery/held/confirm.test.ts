import assert from "node:assert/strict";
import { confirmThrough } from "../../../delivery/confirm";
import type { DeliveryError } from "../../../delivery/errors";
import { FakeEnvironment, releaseNumber } from "../support/fakePorts";
import { someEvidence } from "../support/someEvidence";
import {
  conclude,
  deploy,
  heldOne,
  one,
  requireQuiet,
  requireUnmet,
  shiftOf,
  two,
} from "./support";

describe("what people are asked after the verification", () => {
  let env: FakeEnvironment;

  beforeEach(async () => {
    env = await heldOne();
  });

  const past = ({ id, commit }: typeof one) => ({
    release: id,
    commit,
    at: "2026-01-01T00:00:00Z",
  });
  const ofOne = {
    running: { release: one.id, commit: one.commit },
    settings: [{ service: "web", property: "cpu", from: "256", to: "512" }],
  };
  const ask = (passed = true, owner = "execution", evidence = someEvidence(ofOne)) => {
    const web = { passed, attempts: 1, seconds: 1, output: passed ? [] : ["GET /: 500"] };
    return confirmThrough(env.ports, {
      ...{ release: two, owner, actor: "ada", evidence },
      known: () =>
        Promise.resolve({
          ...{ release: two.id, commit: two.commit, tests: {}, scans: {} },
          history: [past(releaseNumber(0)), past(one)],
        }),
      verification: { release: two.id, passed, services: { web }, at: "2026-01-31T12:30:00Z" },
    });
  };
  const outcome = () => {
    const [{ status, failedStage, restored, reason }] = env.records;
    return { status, failedStage, restored, reason };
  };

  it("tells that nobody meets it yet, and how it was verified; nothing is answered", async () => {
    const { length } = env.done;
    const told = await ask();
    assert.match(told, /get no request yet\. Verified here: passed at 2026-01-31T12:30:00Z\./);
    assert.deepEqual(env.done.slice(length), []);
    assert.deepEqual([shiftOf(env).answers, env.records[0].status], [[], "held"]);
  });

  it("tells every commit since what really runs, whatever had waited when it was planned", async () => {
    const between = someEvidence().between;
    const [{ release: waited }] = between;
    const planned = { running: { release: waited, commit: waited }, between: [] };
    const told = await ask(true, "execution", someEvidence({ ...planned, settingsSince: waited }));
    assert.match(told, new RegExp(`which runs ${one.id}\\.`));
    assert.match(told, /Commits: 00000001\.\.3f9c2a1b with releases 00000000-0\./);
    assert.match(told, /Images: web 00000001 to 00000002\./);
    assert.match(told, new RegExp(`Settings since ${waited}, which waited: web cpu`));
    const since = { ...planned, settingsSince: one.id };
    assert.match(await ask(true, "execution", someEvidence(since)), /Settings: web cpu/);
  });

  it("goes on once it is approved", async () => {
    await ask();
    assert.equal((await conclude(env, true)).status, "verified");
    requireQuiet(env, two);
  });

  it("takes it back at once where it was refused, before anybody met it, and says who and why", async () => {
    await ask();
    env.refusal = "Rejected: the price is wrong (arn:aws:iam::123456789012:user/ada)";
    await assert.rejects(ask(), (error: DeliveryError) => {
      assert.match(
        error.message,
        /was not approved on staging: Rejected: the price is wrong \(arn/,
      );
      assert.ok(error.details.includes(`Rolled back: ${one.id} runs as before.`));
      return true;
    });
    assert.deepEqual(outcome(), {
      ...{ status: "failed", failedStage: "approval", restored: one.id, reason: env.refusal },
    });
    assert.equal(shiftOf(env).answers[0], "ROLLBACK");
    requireQuiet(env, one);
    requireUnmet(env, two);
    const before = outcome();
    await assert.rejects(ask(), /was not approved/, "once more, as when its stage is retried");
    assert.deepEqual(outcome(), before);
    requireQuiet(env, one);
  });

  it("asks nobody about what failed its verification: that is taken back", async () => {
    await assert.rejects(
      ask(false),
      /failed its verification on staging: the checks of web failed/,
    );
    assert.equal(outcome().failedStage, "verify");
    requireQuiet(env, one);
    requireUnmet(env, two);
  });

  it("asks nobody about what has been taken back otherwise", async () => {
    shiftOf(env).expire();
    await assert.rejects(conclude(env, true), /hook timed out/);
    await assert.rejects(
      ask(),
      /there is nothing to approve: .* does not wait on staging: .*hook timed out.*Nothing was changed/,
    );
  });

  it("says of what serves already that it does, and rolls it back where it was refused", async () => {
    env = FakeEnvironment.running(one);
    await deploy(env);
    assert.match(await ask(), /Its tasks serve already\. Verified here: passed/);
    env.refusal = "Rejected";
    await assert.rejects(ask(), (error: DeliveryError) => {
      assert.match(error.message, /was not approved on staging: Rejected/);
      assert.deepEqual(error.details, [`Rolled back: ${one.id} runs, as deployment 3.`]);
      return true;
    });
    const [, refused] = env.records;
    assert.deepEqual([refused.status, refused.restored], ["failed", one.id]);
    assert.equal(env.pointer?.id, one.id);
  });

  it("leaves what another execution holds, whoever refused what", async () => {
    env.refusal = "Rejected";
    await assert.rejects(ask(true, "another"), /by execution, and this is another/);
    assert.deepEqual(shiftOf(env).answers, []);
  });
});
