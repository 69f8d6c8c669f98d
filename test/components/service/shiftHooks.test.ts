import assert from "node:assert/strict";
import type { DeploymentArgs } from "../../../components";
import { answersLeft, takeUpLeft } from "../../../components/service/leftDeployment";
import { FakeService } from "./fakeService";
import { hold, inputs, shifting, update } from "./shiftedUpdate";

describe("an update of a service that shifts requests", () => {
  const changed = inputs(shifting, { taskDefinition: "web:2" });
  const hookedOf = { clusterArn: changed.cluster, serviceName: changed.name };

  it("lets its own deployment go on where it is held, and waits for its end", async () => {
    const fake = new FakeService({ holds: true });
    assert.deepEqual(await update(fake, inputs(shifting), changed), []);
    assert.deepEqual(fake.done, ["provider", "continue hook-1"]);
    assert.equal(fake.newest?.status, "SUCCESSFUL");
  });

  it("does so with the first deployment, too", async () => {
    const fake = new FakeService({ holds: true, none: true, weights: { blue: 100, green: 0 } });
    assert.deepEqual(await update(fake, undefined, changed), []);
    assert.deepEqual(fake.done, ["provider", "continue hook-1"]);
  });

  for (const [healthy, led] of [
    ["blue", "blue,green"],
    ["green", "green,blue"],
  ] as const) {
    it(`takes over the rule that led to another service, with its tasks in ${healthy}`, async () => {
      const fake = new FakeService({ holds: true, none: true, weights: { other: 1 }, healthy });
      assert.deepEqual(await update(fake, undefined, changed), []);
      assert.deepEqual(fake.done, ["provider", "continue hook-1", `lead production ${led}`]);
    });
  }

  it("answers nothing where delivery does", async () => {
    const fake = new FakeService({ holds: true });
    const deployment: DeploymentArgs = {
      ...shifting,
      hold: { ...hold, answeredBy: "delivery" },
    };
    await update(fake, inputs(deployment), changed, deployment);
    assert.deepEqual(fake.done, ["provider"]);
    // It has looked at all services in one call.
    assert.equal(fake.calls, 0);
  });

  it("of its tags alone asks nothing", async () => {
    const fake = new FakeService({ holds: true });
    const nothing = () => undefined;
    const tagged = inputs(shifting, { tags: { team: "shop" } });
    assert.deepEqual(await update(fake, inputs(shifting), tagged, shifting, nothing), []);
    assert.equal(fake.calls, 0);
  });

  it("that makes no deployment ends after a minute", async () => {
    const fake = new FakeService({ holds: true });
    const nothing = () => undefined;
    assert.deepEqual(await update(fake, inputs(shifting), changed, shifting, nothing), []);
    assert.ok(fake.now >= 60_000 && fake.now < 62_000);
  });

  it("is refused while a deployment waits for its verification, with the ways out", async () => {
    const fake = new FakeService({ holds: true });
    fake.deploy();
    await fake.untilHeld();
    await assert.rejects(
      update(fake, inputs(shifting), changed),
      /^Error: web-service was not changed: a deployment of shop-staging-web is under way \(IN_PROGRESS, at stage POST_TEST_TRAFFIC_SHIFT\), which the change would disturb: deployment-2\. It waits for its verification until 2026-11-29T12:00:00\.000Z: let the pipeline conclude it, or end it by gantry rollback, and where no release is in it, as after a pulumi up that was killed, by gantry restore\. Then run pulumi up again\.$/,
    );
    assert.deepEqual(fake.done, []);
  });

  describe("after a pulumi up that was killed", () => {
    const left = (behaviour = {}) => {
      const fake = new FakeService({ holds: true, taskDefinition: "web:2", ...behaviour });
      fake.deploy();
      return fake;
    };

    it("lets go on what that has begun, and is made", async () => {
      const fake = left();
      assert.deepEqual(await update(fake, inputs(shifting), changed), []);
      assert.deepEqual(fake.done, ["continue hook-1", "provider", "continue hook-1"]);
    });

    it("is refused where something else is under way", async () => {
      const fake = left({ taskDefinition: "web:3" });
      await assert.rejects(update(fake, inputs(shifting), changed), /is under way/);
      assert.deepEqual(fake.done, []);
    });

    it("finds that gone on where it changes nothing itself", async () => {
      const fake = left();
      const service = { name: "web-service", of: hookedOf, taskDefinition: "arn:x/web:2" };
      await takeUpLeft({ ...service, minutes: 5 }, fake.ports);
      assert.deepEqual([fake.done, fake.newest?.status], [["continue hook-1"], "SUCCESSFUL"]);
      await takeUpLeft({ ...service, minutes: 5 }, fake.ports);
      assert.deepEqual(fake.done, ["continue hook-1"]);
    });

    it("leaves alone what gets requests already", async () => {
      const fake = left({ stays: "BAKE_TIME" });
      const service = { name: "web-service", of: hookedOf, taskDefinition: "web:2" };
      await takeUpLeft({ ...service, minutes: 5 }, fake.ports);
      assert.equal(fake.now, 0);
    });

    it("is one where somebody answers in the same moment", async () => {
      const fake = left({ answeredMeanwhile: true });
      assert.deepEqual(await update(fake, inputs(shifting), changed), []);
    });
  });

  describe("with a release that is not verified", () => {
    const unverified: DeploymentArgs = { ...shifting, unverified: true };

    it("is refused, and changes nothing", async () => {
      const fake = new FakeService({ holds: true });
      await assert.rejects(
        update(fake, inputs(unverified), changed, unverified),
        /web-service was not changed: the release .* is not verified.*gantry rollback\. Then run pulumi up again/,
      );
      assert.deepEqual(fake.done, []);
    });

    it("answers nothing that waits", async () => {
      const fake = new FakeService({ holds: true, taskDefinition: "web:2" });
      fake.deploy();
      await assert.rejects(update(fake, inputs(unverified), changed, unverified), /under way/);
      assert.deepEqual(fake.done, []);
      assert.equal(answersLeft(unverified), false);
    });

    it("is refused where it would be rolling from then on, too", async () => {
      const fake = new FakeService({ holds: true });
      const rolling: DeploymentArgs = { strategy: "rolling", unverified: true };
      await assert.rejects(
        update(fake, inputs(shifting), inputs(rolling), rolling),
        /is not verified/,
      );
      assert.deepEqual(fake.done, []);
    });
  });

  it("is refused while a deployment bakes", async () => {
    const fake = new FakeService({ stays: "BAKE_TIME" });
    fake.deploy();
    await assert.rejects(
      update(fake, inputs(shifting), changed),
      /\(IN_PROGRESS, at stage BAKE_TIME\), .* Wait until it has ended, as gantry status tells,/,
    );
  });

  it("fails where ECS goes back, with its reason", async () => {
    const fake = new FakeService({ ends: "ROLLBACK_SUCCESSFUL", reason: "alarm detected: 5xx." });
    assert.deepEqual(await update(fake, inputs(shifting), changed), [
      "web-service: the deployment of what was changed ended as ROLLBACK_SUCCESSFUL: alarm detected: 5xx. What served " +
        "before serves. See the service's events and its log for why, then run pulumi up --refresh, which tries again.",
    ]);
  });

  it("has ECS go back where new tasks are not healthy in 15 minutes, as no breaker does", async () => {
    const fake = new FakeService({ stays: "SCALE_UP" });
    const [said] = await update(fake, inputs(shifting), changed);
    assert.deepEqual(fake.done, ["provider", "stop deployment-2"]);
    assert.match(said, /ended as ROLLBACK_SUCCESSFUL: its new tasks were not healthy after 15/);
  });

  it("waits for steps and bake, and not for ever", async () => {
    const canary: DeploymentArgs = { strategy: "canary", stepMinutes: 20, bakeMinutes: 40, hold };
    const fake = new FakeService({ stays: "BAKE_TIME" });
    const [said] = await update(fake, inputs(canary), inputs(canary, { cpu: 1 }), canary);
    assert.match(said, /is not over after 90 minutes \(IN_PROGRESS, at stage BAKE_TIME\)/);
    assert.deepEqual(fake.done, ["provider"]);
  });

  it("has rules of the route before lead to its new tasks before its old ones go, and no others", async () => {
    const rules = {
      ...{ before: ["blue", "green"], beforeThat: ["blue"], another: ["other"] },
      ...{ production: ["blue", "green"], test: ["blue", "green"], half: ["blue", "other"] },
      nothing: [],
    };
    const fake = new FakeService({ holds: true, weights: { blue: 0, green: 100 }, rules });
    await update(fake, inputs(shifting), changed);
    assert.deepEqual(fake.done, [
      ...["provider", "continue hook-1"],
      ...["lead before blue,green", "lead beforeThat blue,green"],
    ]);
  });

  it("is none where nothing shifts before or after", async () => {
    const fake = new FakeService({});
    await update(fake, inputs({}), inputs({}, { taskDefinition: "web:2" }), {});
    assert.equal(fake.calls, 0);
  });
});
