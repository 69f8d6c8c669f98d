import assert from "node:assert/strict";
import type { DeliveryError } from "../../../delivery/errors";
import { FakeEnvironment } from "../support/fakePorts";
import {
  conclude,
  deploy,
  heldEnvironment,
  heldOne,
  one,
  requireQuiet,
  requireUnmet,
  shiftOf,
  three,
  two,
} from "./support";

describe("a deployment that is held until it is verified", () => {
  let env: FakeEnvironment;

  beforeEach(() => {
    env = heldEnvironment();
  });

  const statuses = () => env.records.map(({ status, release }) => [release.id, status]);

  it("ends its deployment well, keeps the lock, and gives no user the release", async () => {
    const record = await deploy(env);
    assert.deepEqual([record.status, record.held, record.endedAt], ["held", ["web"], undefined]);
    assert.deepEqual([env.lock?.owner, env.lock?.releaseId], ["execution", two.id]);
    assert.deepEqual(shiftOf(env).answers, []);
    requireUnmet(env, two);
    assert.deepEqual(env.done.slice(-3), [`steady ${two.id}`, `truth ${two.id}`, "note held"]);
    const log = env.log.join("\n");
    assert.match(log, /waits for its verification, and gets no request before/);
    assert.match(
      log,
      /web: its new tasks wait until 2026-01-31T13:00:00.000Z: .* gantry rollback --stack staging/,
    );
  });

  it("is done where it is deployed again, and made again where ECS has gone back", async () => {
    await deploy(env);
    const { length } = env.done;
    assert.equal((await deploy(env)).status, "held");
    assert.deepEqual(env.done.slice(length), []);
    shiftOf(env).expire();
    assert.equal((await deploy(env)).status, "held");
    assert.equal(shiftOf(env).waiting, two);
    assert.equal(env.records.length, 2);
  });

  it("that passed goes on, and is one deployment to the history", async () => {
    await deploy(env);
    const record = await conclude(env, true);
    assert.deepEqual([record.status, record.held, record.number], ["verified", undefined, 2]);
    assert.deepEqual(shiftOf(env).answers, ["CONTINUE"]);
    assert.deepEqual(statuses(), [
      [two.id, "verified"],
      [one.id, "verified"],
    ]);
    assert.deepEqual(record.history, [
      "begun",
      "updating",
      "held",
      "concluding",
      "deployed",
      "verified",
    ]);
    assert.deepEqual(env.compared, [two.id]);
    requireQuiet(env, two);
  });

  it("that failed is gone back from before anybody met it, as the same deployment", async () => {
    await deploy(env);
    await assert.rejects(conclude(env, false), (error: DeliveryError) => {
      assert.match(error.message, /failed its verification on staging: the checks of web failed/);
      assert.equal(error.details[0], "  GET /: 500", "the message has the line before");
      assert.ok(error.details.includes(`Rolled back: ${one.id} runs as before.`));
      return true;
    });
    const [record] = env.records;
    assert.deepEqual(
      [record.status, record.failedStage, record.restored, env.records.length],
      ["failed", "verify", one.id, 2],
    );
    assert.equal(shiftOf(env).answers[0], "ROLLBACK");
    requireQuiet(env, one);
    requireUnmet(env, two);
    const { length } = env.done;
    await assert.rejects(conclude(env, false), /failed its verification/);
    assert.deepEqual(env.done.slice(length), ["mark failed"], "concluded before");
  });

  it("that passed, but whose time was over, is taken back, and told so", async () => {
    await deploy(env);
    shiftOf(env).expire();
    await assert.rejects(conclude(env, true), (error: DeliveryError) => {
      assert.match(error.message, /deployment 2 of .* failed: .*hook timed out/);
      assert.ok(error.details.includes(`Rolled back: ${one.id} runs as before.`));
      return true;
    });
    assert.deepEqual([env.records[0].failedStage, env.records[0].restored], ["shift", one.id]);
    requireQuiet(env, one);
    requireUnmet(env, two);
  });

  it("that passed, but during whose bake an alarm fired, is taken back", async () => {
    await deploy(env);
    shiftOf(env).shiftFails = "alarm detected: web-5xx";
    await assert.rejects(conclude(env, true), /alarm detected: web-5xx/);
    assert.equal(env.records[0].failedStage, "shift");
    assert.deepEqual(env.compared, [two.id], "what is put back is compared with nothing");
    requireQuiet(env, one);
    await assert.rejects(conclude(env, true), /somebody went back from it/, "and stays so");
  });

  it("of which a service shall run no task is deployed, and not verified", async () => {
    await deploy(env);
    env.unproven = ["web"];
    await assert.rejects(conclude(env, true), /is unproven on staging/);
    assert.equal(env.records[0].status, "deployed");
    requireQuiet(env, two);
  });

  it("is concluded by nobody but its own execution", async () => {
    await deploy(env);
    for (const passed of [true, false]) {
      await assert.rejects(
        conclude(env, passed, two, "another"),
        /waits for the verification by execution, and this is another.*gantry rollback/,
      );
    }
    assert.deepEqual(shiftOf(env).answers, []);
  });

  it("is concluded by nobody once somebody took it over", async () => {
    await deploy(env);
    const [held] = env.records;
    // The lock is gone; the history, read a moment before, says that it is held.
    env.lock = undefined;
    for (const passed of [true, false]) {
      await assert.rejects(conclude(env, passed), /was taken over meanwhile/);
    }
    assert.deepEqual([shiftOf(env).answers, env.records[0]], [[], held]);
  });

  it("that is taken over during its shift is not taken back a second time", async () => {
    await deploy(env);
    const shift = shiftOf(env);
    shift.shiftFails = "a person stopped it";
    const { ports } = env;
    const steadyState: typeof ports.steadyState = (...args) => {
      env.lock = undefined;
      return ports.steadyState(...args);
    };
    Object.defineProperty(env, "ports", { get: () => ({ ...ports, steadyState }) });
    await assert.rejects(conclude(env, true), /was taken over meanwhile/);
    assert.equal(env.pointer, two);
  });

  it("is the first release ever: it has nothing to go back to, and says so", async () => {
    env = FakeEnvironment.shifting(undefined);
    await deploy(env, one);
    await assert.rejects(conclude(env, false, one), (error: DeliveryError) => {
      assert.match(error.details.join("\n"), /nothing to roll back to/);
      return true;
    });
    assert.equal(env.records[0].status, "failed");
    requireQuiet(env, undefined);
    requireUnmet(env, one);
  });

  it("does not keep the one after it from being deployed, once it was concluded", async () => {
    for (const passed of [true, false]) {
      env = await heldOne();
      await conclude(env, passed).catch(() => undefined);
      await deploy(env, three, "execution-2");
      await conclude(env, true, three, "execution-2");
      requireQuiet(env, three);
      assert.equal(env.records[0].previous?.id, passed ? two.id : one.id);
    }
  });
});
