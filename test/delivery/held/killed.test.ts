import assert from "node:assert/strict";
import { DeploymentFailure } from "../../../delivery/steadyState";
import type { FakeEnvironment } from "../support/fakePorts";
import {
  conclude,
  deploy,
  heldEnvironment,
  heldOne,
  one,
  requireQuiet,
  requireUnmet,
  shiftOf,
  two,
} from "./support";

const moments = ["before", "after"] as const;

/** How many things a whole run does. */
async function stepsOf(run: (env: FakeEnvironment) => Promise<unknown>, env: FakeEnvironment) {
  const { length } = env.done;
  await run(env).catch(() => undefined);
  return env.done.length - length;
}

/** Runs it with a kill at each step, and once more after it. */
async function killEverywhere(
  made: () => Promise<FakeEnvironment>,
  run: (env: FakeEnvironment) => Promise<unknown>,
  check: (env: FakeEnvironment, at: string) => void,
): Promise<void> {
  const steps = await stepsOf(run, await made());
  assert.ok(steps > 3, String(steps));
  for (let step = 1; step <= steps; step++) {
    for (const when of moments) {
      const env = await made();
      env.killAt(step, when);
      await assert.rejects(run(env));
      env.revive();
      await run(env).catch(() => undefined);
      check(env, `${when} ${step}`);
    }
  }
}

describe("a held deployment that is killed and run again", () => {
  it("while it is deployed is held, once, and nobody met it", async () => {
    await killEverywhere(
      () => Promise.resolve(heldEnvironment()),
      (env) => deploy(env),
      (env, at) => {
        assert.deepEqual([env.records.length, env.records[0].status], [2, "held"], at);
        assert.equal(shiftOf(env).waiting, two, at);
        requireUnmet(env, two, at);
      },
    );
  });

  it("while it is let go on is verified, once", async () => {
    await killEverywhere(
      heldOne,
      (env) => conclude(env, true),
      (env, at) => {
        assert.deepEqual([env.records.length, env.records[0].status], [2, "verified"], at);
        requireQuiet(env, two, at);
      },
    );
  });

  it("while it is taken back is taken back, once, and nobody met it", async () => {
    await killEverywhere(
      heldOne,
      (env) => conclude(env, false),
      (env, at) => {
        const { status, restored, failedStage } = env.records[0];
        assert.deepEqual([env.records.length, status, restored], [2, "failed", one.id], at);
        assert.equal(failedStage, "verify", at);
        requireQuiet(env, one, at);
        requireUnmet(env, two, at);
      },
    );
  });

  it("while it is taken back in its bake is taken back, once", async () => {
    await killEverywhere(
      async () => {
        const env = await heldOne();
        shiftOf(env).shiftFails = "alarm detected";
        return env;
      },
      (env) => conclude(env, true),
      (env, at) => {
        const { status, restored } = env.records[0];
        assert.deepEqual([env.records.length, status, restored], [2, "failed", one.id], at);
        requireQuiet(env, one, at);
      },
    );
  });

  it("as its time is over is taken back all the same", async () => {
    await killEverywhere(
      async () => {
        const env = await heldOne();
        shiftOf(env).expire();
        return env;
      },
      (env) => conclude(env, true),
      (env, at) => {
        assert.deepEqual([env.records.length, env.records[0].status], [2, "failed"], at);
        requireQuiet(env, one, at);
        requireUnmet(env, two, at);
      },
    );
  });

  it("while its tasks do not come up ends with what ran before", async () => {
    const made = () => {
      const env = heldEnvironment();
      const failure = () => new DeploymentFailure("web: 3 tasks failed", ["web"]);
      env.failOn(`steady ${two.id}`, ...Array.from({ length: 9 }, failure));
      return Promise.resolve(env);
    };
    await killEverywhere(
      made,
      (env) => deploy(env),
      (env, at) => {
        assert.equal(env.records[0].status, "failed", at);
        requireQuiet(env, one, at);
        requireUnmet(env, two, at);
      },
    );
  });

  it("and from its deployment on, after it went on, is verified", async () => {
    // The whole stage is tried again: Deploy, Verify, Conclude.
    const steps = await stepsOf((env) => conclude(env, true), await heldOne());
    for (let step = 1; step <= steps; step++) {
      const env = await heldOne();
      env.killAt(step, "after");
      await assert.rejects(conclude(env, true));
      env.revive();
      await deploy(env);
      await conclude(env, true);
      assert.deepEqual([env.records.length, env.records[0].status], [2, "verified"], String(step));
      requireQuiet(env, two, String(step));
    }
  });
});
