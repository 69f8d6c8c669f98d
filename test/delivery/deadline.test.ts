import assert from "node:assert/strict";
import { deliveryTimes } from "../../contract/times";
import { Deadline, DeadlineError, timeoutMinutesOf } from "../../delivery/deadline";
import { engineLimitsWithin } from "../../delivery/deploy/boundedPorts";
import { deployThrough } from "../../delivery/deploy";
import type { DeliveryError } from "../../delivery/errors";
import { aTarget } from "./support/aTarget";
import { FakeClock } from "./support/fakeClock";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const minuteMs = 60_000;
const [one, two] = [1, 2].map((n) => releaseNumber(n));

describe("the bound of a whole command (row F7)", () => {
  const hour = { timeoutMinutes: 60, totalMinutes: 55, workMinutes: 35, recordMinutes: 5 };

  it("gives each thing what it may take, or what is left", () => {
    const clock = new FakeClock();
    const deadline = new Deadline(clock, hour);
    assert.equal(deadline.within(10 * minuteMs), 10 * minuteMs);
    void clock.sleep(30 * minuteMs);
    assert.equal(deadline.within(10 * minuteMs), 5 * minuteMs);
    deadline.requireTime("the update");
    void clock.sleep(5 * minuteMs);
    assert.throws(() => deadline.requireTime("the update"), DeadlineError);
    assert.throws(
      () => deadline.requireTime("the update"),
      /^DeliveryError: the time is over: the update was not begun, since 35 min have passed.*60 min \(GANTRY_TIMEOUT_MINUTES\)/,
    );
    deadline.putBack();
    deadline.requireTime("the update");
    assert.equal(deadline.within(60 * minuteMs), 15 * minuteMs);
  });

  it("bounds Pulumi by what is left", () => {
    const clock = new FakeClock();
    const limits = engineLimitsWithin(new Deadline(clock, hour));
    assert.deepEqual([limits.previewMs, limits.updateMs], [10 * minuteMs, 15 * minuteMs]);
    void clock.sleep(28 * minuteMs);
    assert.deepEqual([limits.previewMs, limits.updateMs], [7 * minuteMs, 7 * minuteMs]);
  });

  describe("of a deployment", () => {
    let env: FakeEnvironment;
    const deploy = () =>
      deployThrough(env.ports, { release: two, owner: "execution", actor: "ada" });

    beforeEach(() => {
      const releaseCommand = { command: ["node", "migrate.js"] };
      env = new FakeEnvironment(aTarget({ services: { web: { ...web, releaseCommand } } }));
      env.commandTimes = hour;
      env.past(one);
      env.pointer = one;
    });

    it("puts back what ran, gives the lock back and tells the history", async () => {
      env.minutes.set("command", 20).set(`steady ${two.id}`, 16);
      await assert.rejects(deploy(), (error: DeliveryError) => {
        assert.match(error.message, /the time is over: the truth check was not begun/);
        assert.ok(error.details.includes(`Rolled back: ${one.id} runs as before.`));
        return true;
      });
      assert.deepEqual(env.done.slice(-5), [
        `point ${one.id}`,
        `up ${one.id}`,
        `steady ${one.id}`,
        `truth ${one.id}`,
        "end failed",
      ]);
      assert.equal(env.lock, undefined);
      assert.deepEqual([env.records[0].status, env.records[0].restored], ["failed", one.id]);
    });

    it("begins nothing that is not locked yet, and then changes nothing", async () => {
      env.minutes.set("preflight", 40);
      await assert.rejects(deploy(), /the time is over: the preview was not begun/);
      assert.deepEqual(env.done, [`preflight ${two.id}`]);
      assert.equal(env.lock, undefined);
    });

    it("gives the lock back where there is no time to put anything back, and says how to", async () => {
      env.minutes.set("command", 20).set(`steady ${two.id}`, 16).set(`up ${one.id}`, 15);
      await assert.rejects(deploy(), (error: DeliveryError) => {
        const details = error.details.join("\n");
        assert.match(details, /The rollback to .* failed too: the time is over: the wait for the/);
        assert.match(details, /Once the cause is fixed: gantry rollback --stack staging --to /);
        return true;
      });
      assert.equal(env.done.at(-1), "end failed");
      assert.equal(env.lock, undefined);
      assert.equal(env.pointer, one);
    });

    it("has time for tasks that drain for an hour, and for putting back what ran", async () => {
      const drainSeconds = 3600;
      env = FakeEnvironment.running(one, aTarget({ services: { web: { ...web, drainSeconds } } }));
      const began = env.clock.now().getTime();
      env.minutes.set("preview", 12).set("up", 17).set("steady", 75);
      env.failOn(`truth ${two.id}`, new Error("another digest"));
      await assert.rejects(deploy(), (error: DeliveryError) => {
        assert.ok(error.details.includes(`Rolled back: ${one.id} runs as before.`));
        return true;
      });
      assert.equal(env.services, one);
      const minutes = (env.clock.now().getTime() - began) / minuteMs;
      assert.ok(minutes < deliveryTimes(env.target.config).actionMinutes.deploy);
    });

    it("is not in the way of one that takes its time", async () => {
      env.minutes.set("command", 15).set("up", 8).set("steady", 10);
      await deploy();
      assert.equal(env.records[0].status, "deployed");
    });
  });

  it("is told by the pipeline", () => {
    assert.equal(timeoutMinutesOf({ GANTRY_TIMEOUT_MINUTES: "90" }), 90);
    assert.equal(timeoutMinutesOf({}), undefined);
    for (const text of ["4", "481", "1.5", "an hour"]) {
      assert.throws(
        () => timeoutMinutesOf({ GANTRY_TIMEOUT_MINUTES: text }),
        /GANTRY_TIMEOUT_MINUTES is ".*"; allowed: 5 to 480/,
      );
    }
  });
});
