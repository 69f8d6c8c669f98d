import assert from "node:assert/strict";
import { planThrough } from "../../../delivery/plan";
import { restoreThrough } from "../../../delivery/restore";
import { rollbackThrough } from "../../../delivery/rollback";
import { DeploymentFailure } from "../../../delivery/steadyState";
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

const person = { owner: "grace@laptop", actor: "grace@laptop" };

describe("while a deployment is held", () => {
  let env: FakeEnvironment;

  beforeEach(async () => {
    env = await heldOne();
  });

  describe("a person's rollback", () => {
    const rollback = (to?: string, who = person) => rollbackThrough(env.ports, { to, ...who });

    it("takes it over, goes back, and says who it was", async () => {
      const record = await rollback();
      assert.deepEqual(
        [record.kind, record.release.id, record.actor],
        ["rollback", one.id, person.actor],
      );
      const [, held] = env.records;
      assert.deepEqual([held.status, held.held], ["failed", undefined]);
      assert.match(held.reason ?? "", /grace@laptop took its lock away/);
      assert.match(env.log.join("\n"), /deployment 2 of .* held by execution: it is taken over/);
      requireQuiet(env, one);
      requireUnmet(env, two);
    });

    it("leaves the execution nothing to conclude, whatever its verification says", async () => {
      await rollback();
      await assert.rejects(conclude(env, true), /somebody went back from it/);
      await assert.rejects(conclude(env, false), ({ details }: Error & { details: string[] }) => {
        assert.match(details.join("\n"), /which was not verified here: nothing was touched/);
        return true;
      });
      requireQuiet(env, one);
      assert.equal(env.records.length, 3);
    });

    it("of whoever deployed it is one, too", async () => {
      env = heldEnvironment();
      await deploy(env, two, person.owner);
      await rollback();
      requireQuiet(env, one);
    });

    it("goes to another release where that is named", async () => {
      env = FakeEnvironment.shifting(two);
      env.past(one, { number: 0 });
      await deploy(env, three);
      await rollback(one.id);
      requireQuiet(env, one);
      requireUnmet(env, three);
    });

    it("where its preflight fails leaves the deployment held", async () => {
      env.failOn("preflight", new Error("the image is gone"));
      await assert.rejects(rollback(), /the image is gone/);
      assert.deepEqual([env.records[0].status, env.lock?.owner], ["held", "execution"]);
      assert.equal((await conclude(env, true)).status, "verified");
    });

    it("comes to the same end when it is killed and run again, at each step", async () => {
      const { length } = env.done;
      await rollback();
      const steps = env.done.length - length;
      for (let step = 1; step <= steps; step++) {
        for (const when of ["before", "after"] as const) {
          env = await heldOne();
          env.killAt(step, when);
          await assert.rejects(rollback());
          env.revive();
          await rollback().catch((error: unknown) => {
            // It was made to its end, and has nothing before it.
            assert.match(String(error), /no release before/);
          });
          requireQuiet(env, one, `${when} ${step}`);
          requireUnmet(env, two, `${when} ${step}`);
          assert.equal(env.records.length, 3);
        }
      }
    });

    it("that fails tries its own release again, and never the one that was held", async () => {
      env.failOn(`steady ${one.id}`, new DeploymentFailure("no capacity", ["web"]));
      await assert.rejects(rollback(), /no capacity/);
      requireQuiet(env, one);
      requireUnmet(env, two);
    });

    it("of the first release ever has nothing to go to, and touches nothing", async () => {
      env = FakeEnvironment.shifting(undefined);
      await deploy(env, one);
      await assert.rejects(rollback(), /has no release before/);
      assert.equal(env.records[0].status, "held");
    });
  });

  describe("another deployment", () => {
    it("is refused, with what waits and the ways out", async () => {
      const { length } = env.done;
      await assert.rejects(
        deploy(env, three, "execution-2"),
        (error: Error & { details: string[] }) => {
          assert.match(
            error.message,
            /the new tasks of deployment 2 of release .* held by execution/,
          );
          assert.match(
            error.message,
            /Nothing was changed.*retry its stage.*gantry rollback --stack staging/,
          );
          assert.deepEqual(error.details, ["web: waits for an answer"]);
          return true;
        },
      );
      assert.deepEqual(env.done.slice(length), []);
      await assert.rejects(
        deploy(env, three),
        /the new tasks of deployment 2/,
        "also by its owner",
      );
    });

    it("goes on where ECS has gone back, and ends the one before as failed", async () => {
      shiftOf(env).expire();
      const record = await deploy(env, three, "execution-2");
      const [, before] = env.records;
      assert.deepEqual([before.status, before.failedStage], ["failed", "verify"]);
      assert.match(before.reason ?? "", /nobody concluded its verification in time.*\(web\)/);
      assert.deepEqual([record.status, record.previous?.id], ["held", one.id]);
      await conclude(env, true, three, "execution-2");
      requireQuiet(env, three);
      requireUnmet(env, two);
    });

    it("is refused where the release serves by now: whoever let it go on is about to say so", async () => {
      const shift = shiftOf(env);
      shift.steadyState(two);
      await assert.rejects(deploy(env, three, "execution-2"), /staging is locked: deployment 2/);
    });

    it("begins anew where somebody has taken the lock away, and goes back first", async () => {
      await env.ports.ledger.unlock("grace@laptop");
      await deploy(env, three, "execution-2");
      assert.deepEqual(shiftOf(env).answers, ["ROLLBACK"]);
      await conclude(env, true, three, "execution-2");
      requireQuiet(env, three);
      requireUnmet(env, two);
    });

    it("of two at once lets one through", async () => {
      env = heldEnvironment();
      const both = await Promise.allSettled([
        deploy(env, two, "execution-1"),
        deploy(env, three, "execution-2"),
      ]);
      assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      assert.equal(env.records.filter(({ status }) => status === "held").length, 1);
    });
  });

  describe("by nobody's deployment", () => {
    beforeEach(() => {
      env = heldEnvironment();
      // Somebody has updated the service in the console, where nobody answers.
      shiftOf(env).waiting = one;
    });

    it("a release is refused, and says how it is answered", async () => {
      await assert.rejects(deploy(env), (error: Error & { details: string[] }) => {
        assert.match(
          error.message,
          /new tasks run beside the old ones.*Nothing was changed.*aws ecs continue-service-deployment.*gantry restore/,
        );
        assert.deepEqual(error.details, ["web: waits for an answer"]);
        return true;
      });
      assert.deepEqual([env.lock, env.done], [undefined, []]);
    });

    it("a rollback goes back from it, too", async () => {
      env = FakeEnvironment.shifting(two);
      env.past(one, { number: 0 });
      shiftOf(env).waiting = three;
      await rollbackThrough(env.ports, { to: one.id, ...person });
      assert.deepEqual(shiftOf(env).answers.slice(0, 1), ["ROLLBACK"]);
      requireQuiet(env, one);
      requireUnmet(env, three);
    });

    it("a restore goes back", async () => {
      await restoreThrough(env.ports, person);
      assert.deepEqual(shiftOf(env).answers, ["ROLLBACK"]);
      requireQuiet(env, one);
      await deploy(env);
    });
  });

  describe("a restore", () => {
    const restore = () => restoreThrough(env.ports, person);

    it("is refused as well", async () => {
      await assert.rejects(restore(), /the new tasks of deployment 2/);
    });

    it("does not put in place what was never verified", async () => {
      shiftOf(env).expire();
      await assert.rejects(
        restore(),
        /desired release .* failed, and was not taken back.*gantry rollback/,
      );
      await rollbackThrough(env.ports, person);
      requireQuiet(env, one);
      requireUnmet(env, two);
    });
  });

  it("a plan does not wait for it: it may have the host that its verification needs", async () => {
    const { length } = env.clock.pauses;
    await assert.rejects(
      planThrough(env.ports, { output: "/nowhere", owner: "execution-2" }),
      /release.json|ENOENT|bundle/,
    );
    assert.equal(env.clock.pauses.length, length);
  });
});
