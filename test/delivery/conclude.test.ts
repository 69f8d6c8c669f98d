import assert from "node:assert/strict";
import { concludeThrough } from "../../delivery/conclude";
import type { DeliveryError } from "../../delivery/errors";
import { DeploymentFailure } from "../../delivery/steadyState";
import { FakeEnvironment, releaseNumber } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));

const verification = (passed: boolean, release = two) => ({
  release: release.id,
  passed,
  at: "2026-01-31T12:05:00Z",
  services: {
    web: { passed, attempts: 3, seconds: 4, output: ["GET /: 500"] },
  },
});

describe("conclude", () => {
  let env: FakeEnvironment;
  const conclude = (passed: boolean) =>
    concludeThrough(env.ports, {
      ...{ release: two, verification: verification(passed), owner: "execution", actor: "ada" },
    });
  const environment = () => {
    const made = new FakeEnvironment();
    made.past(one);
    made.past(two, { status: "deployed", owner: "execution", previous: one });
    made.pointer = two;
    made.services = two;
    return made;
  };
  const newestOf = (id: string) => env.records.find(({ release }) => release.id === id);

  beforeEach(() => {
    env = environment();
  });

  it("records a release that passed as verified, once", async () => {
    assert.equal((await conclude(true)).status, "verified");
    await conclude(true);
    assert.deepEqual(env.done, [`truth ${two.id}`, "mark verified"]);
  });

  it("records nothing as verified of which no task shall run, and says what to do (row F3)", async () => {
    env.unproven = ["web"];
    await assert.rejects(conclude(true), (error: DeliveryError) => {
      assert.match(error.message, /is unproven on staging: no task of web shall run/);
      assert.match(error.details.join(), /gantry restore --stack staging/);
      return true;
    });
    assert.deepEqual([newestOf(two.id)?.status, env.done], ["deployed", [`truth ${two.id}`]]);
    env.unproven = [];
    assert.equal((await conclude(true)).status, "verified");
  });

  it("records nothing as verified where the tasks run something else by now (row F1)", async () => {
    env.failOn("truth", new Error("what runs is not the release"));
    await assert.rejects(conclude(true), /what runs is not the release/);
    assert.equal(newestOf(two.id)?.status, "deployed");
  });

  it("records nothing for a release that somebody has gone back from meanwhile", async () => {
    env.past(one, { kind: "rollback", status: "deployed", previous: two });
    env.pointer = one;
    await assert.rejects(conclude(true), /passed its verification, but staging runs .* by now/);
    assert.deepEqual(env.done, []);
  });

  it("refuses the verification of another release", async () => {
    await assert.rejects(
      concludeThrough(env.ports, {
        ...{ release: two, owner: "execution", actor: "ada" },
        verification: verification(true, three),
      }),
      /the verification is of release/,
    );
  });

  describe("of a verification that failed (row 18)", () => {
    it("rolls back as a deployment of its own, and is red", async () => {
      await assert.rejects(conclude(false), (error: DeliveryError) => {
        assert.match(
          error.message,
          /failed its verification on staging: the checks of web failed 3/,
        );
        assert.equal(error.details[0], "  GET /: 500", "the message has the line before");
        assert.ok(error.details.includes(`Rolled back: ${one.id} runs, as deployment 3.`));
        return true;
      });
      assert.deepEqual([env.pointer, env.services, env.lock], [one, one, undefined]);
      const failed = newestOf(two.id);
      assert.deepEqual([failed?.status, failed?.restored], ["failed", one.id]);
      assert.deepEqual([env.records[0].kind, env.records[0].status], ["rollback", "deployed"]);
      assert.ok(!env.done.includes("mark verified"));
    });

    it("comes to the same end when it is killed and run again, at each step", async () => {
      await assert.rejects(conclude(false));
      const steps = env.done.length;
      assert.equal(env.done.at(-1), "mark failed");
      for (let step = 1; step <= steps; step++) {
        for (const when of ["before", "after"] as const) {
          env = environment();
          env.killAt(step, when);
          await assert.rejects(conclude(false));
          env.revive();
          await assert.rejects(conclude(false), /failed its verification/);
          const at = `${when} ${step}`;
          assert.deepEqual([env.pointer, env.services, env.lock], [one, one, undefined], at);
          assert.equal(newestOf(two.id)?.restored, one.id, at);
          assert.equal(env.records.length, 3, at);
        }
      }
    });

    it("finishes a rollback that was cut off, also when a person has cleared its lock", async () => {
      env.killAt(4, "before");
      await assert.rejects(conclude(false));
      env.revive();
      assert.deepEqual([env.pointer, env.services], [one, two]);
      const [cut, ...others] = env.records;
      env.records = [{ ...cut, status: "failed" }, ...others];
      env.lock = undefined;
      await assert.rejects(conclude(false), /failed its verification/);
      assert.deepEqual([env.pointer, env.services], [one, one]);
    });

    it("tries again when the rollback had failed", async () => {
      env.failOn("steady", new DeploymentFailure("no capacity", ["web"]));
      await assert.rejects(conclude(false), (error: DeliveryError) => {
        assert.match(error.details.join("\n"), /The rollback to .* failed: .*no capacity/);
        assert.match(error.details.join("\n"), /gantry rollback --stack staging --to/);
        return true;
      });
      assert.deepEqual(
        [newestOf(two.id)?.status, newestOf(two.id)?.restored],
        ["failed", undefined],
      );
      assert.equal(env.services, two);
      await assert.rejects(conclude(false), /failed its verification/);
      assert.equal(env.services, one);
      assert.equal(newestOf(two.id)?.restored, one.id);
      const { length } = env.done;
      await assert.rejects(conclude(false), (error: DeliveryError) => {
        assert.match(error.details.join("\n"), /Concluded before: .* was put back then/);
        return true;
      });
      assert.deepEqual(env.done.slice(length), ["mark failed"]);
    });

    it("has nothing to go back to from the first release, and says that it runs on", async () => {
      env = new FakeEnvironment();
      env.past(two, { status: "deployed", owner: "execution" });
      env.pointer = two;
      await assert.rejects(conclude(false), (error: DeliveryError) => {
        assert.match(error.details.join("\n"), /nothing to roll back to.*It runs on, unverified/);
        return true;
      });
      assert.equal(newestOf(two.id)?.status, "failed");
    });

    it("touches nothing where another release runs by now", async () => {
      env.past(three);
      env.pointer = three;
      env.services = three;
      await assert.rejects(conclude(false), (error: DeliveryError) => {
        assert.match(error.details.join("\n"), /was not verified here: nothing was touched/);
        return true;
      });
      assert.equal(env.services, three);
    });
  });
});
