import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployThrough, type DeployRequest } from "../../../delivery/deploy";
import type { PlannedChange } from "../../../delivery/engine";
import { targetUrns } from "../../../delivery/engine/targets";
import { DeliveryError } from "../../../delivery/errors";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));

describe("a deployment", () => {
  let env: FakeEnvironment;
  const deploy = (request: Partial<DeployRequest> = {}) =>
    deployThrough(env.ports, { release: two, owner: "execution", actor: "ada", ...request });

  beforeEach(() => {
    env = FakeEnvironment.running(one);
  });

  describe("is refused", () => {
    it("where the preflight finds a fault: nothing is begun", async () => {
      env.failOn("preflight", new DeliveryError("the image is missing"));
      await assert.rejects(deploy(), /the image is missing/);
      assert.equal(env.records.length, 1);
      assert.equal(env.pointer, one);
    });

    it("where a newer execution has stopped its own, in an environment that releases are promoted into", async () => {
      env.executionIsStopped = true;
      await deploy();
      env = FakeEnvironment.running(
        one,
        aTarget({ services: { web }, pipeline: {} }, ".", "production"),
      );
      env.promoted = two;
      env.executionIsStopped = true;
      await assert.rejects(deploy(), /is not deployed: stopped/);
      assert.deepEqual(env.done, []);
    });

    it("where the commit needs infrastructure that nobody applied, which is named", async () => {
      env.pending = [
        change("create", "aws:s3/bucket:Bucket", "shop--staging-uploads"),
        change(
          "update",
          "aws:iam/rolePolicy:RolePolicy",
          "shop--staging--web-taskPolicy",
          "policy",
        ),
        {
          ...change("replace", "aws:ecs/taskDefinition:TaskDefinition", "x"),
          urn: targetUrns(env.target)[0],
        },
        { ...change("update", "aws:ecs/service:Service", "x"), urn: targetUrns(env.target)[1] },
      ];
      await assert.rejects(deploy(), (error: DeliveryError) => {
        assert.match(error.message, /2 resources.*pulumi up --stack staging/);
        assert.deepEqual(error.details, [
          "create aws:s3:Bucket shop--staging-uploads",
          "update aws:iam:RolePolicy shop--staging--web-taskPolicy (policy)",
        ]);
        return true;
      });
      assert.equal(env.records.length, 1);
    });

    it("where an ECS service would be made or replaced", async () => {
      env.pending = [
        { ...change("replace", "aws:ecs/service:Service", "x"), urn: targetUrns(env.target)[1] },
      ];
      await assert.rejects(deploy(), /one resource/);
    });

    it("where a newer release runs", async () => {
      env.past(three);
      env.pointer = three;
      await assert.rejects(deploy(), /superseded: staging runs/);
    });

    it("where another release bears its id", async () => {
      await assert.rejects(
        deploy({ release: { ...two, id: one.id, commit: one.commit } }),
        /other images than the release of that id/,
      );
    });
  });

  describe("in production", () => {
    let folder: string;
    const basis = { release: two.id, running: one.id, deployment: 1, stateVersion: "1" };
    const planned = (changed: object = {}) => {
      writeFileSync(join(folder, "basis.json"), JSON.stringify({ ...basis, ...changed }));
      return deploy({ planFolder: folder });
    };

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-plan-"));
      env = FakeEnvironment.running(
        one,
        aTarget({ services: { web }, pipeline: {} }, "/nowhere", "production"),
      );
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    it("holds the update to the plan, and leaves the preview to the plan stage", async () => {
      await planned();
      assert.equal(env.ups[0]?.planFile, join(folder, "plan.json"));
      assert.ok(!env.done.some((step) => step.startsWith("preview")));
    });

    it("refuses a release that a newer one in the release bucket has overtaken", async () => {
      env.promoted = three;
      await assert.rejects(planned(), new RegExp(`superseded: ${three.id} .* promoted`));
      assert.deepEqual(env.done, []);
    });

    for (const [what, changed, expected] of [
      ["another release", { release: three.id }, /plan is for release/],
      ["another running release", { running: null }, /stale/],
      ["an earlier deployment", { deployment: 0 }, /stale/],
      ["an earlier state", { stateVersion: "0" }, /stale/],
    ] as const) {
      it(`refuses a plan that was made for ${what}`, async () => {
        await assert.rejects(planned(changed), (error: DeliveryError) => {
          assert.match(error.message, expected);
          assert.match(error.message, /begin anew \(gantry deploy \S+-\d+\)/);
          return true;
        });
        assert.deepEqual(env.done, []);
      });
    }

    describe("of a release that runs already, by another execution", () => {
      const again = (owner: string) => deploy({ planFolder: folder, owner });
      const plannedSettings = (...settings: object[]) =>
        writeFileSync(join(folder, "evidence.json"), JSON.stringify({ settings }));

      beforeEach(() => {
        env.past(two, { status: "verified", owner: "execution-1" });
        env.pointer = two;
        const urn = targetUrns(env.target)[0];
        const left = change("replace", "aws:ecs/taskDefinition:TaskDefinition", "x");
        const inputs = { oldInputs: { cpu: "256" }, newInputs: { cpu: "512" } };
        env.pending = [{ ...left, urn, ...inputs }];
        plannedSettings({ service: "web", property: "cpu", from: "256", to: "512" });
      });

      it("fails where settings were approved that nobody has applied: it is not done", async () => {
        await assert.rejects(again("execution-2"), (error: DeliveryError) => {
          assert.match(error.message, /is not deployed again: .*pulumi up --stack production/);
          assert.deepEqual(error.details, ["web cpu: 256 -> 512"]);
          return true;
        });
        assert.equal(env.records.length, 2);
        assert.deepEqual(env.ups, []);
      });

      it("is done once they were applied", async () => {
        env.pending = [];
        assert.equal((await again("execution-2")).number, 2);
      });

      it("is done where none were approved", async () => {
        plannedSettings();
        assert.equal((await again("execution-2")).number, 2);
        assert.ok(!env.done.some((step) => step.startsWith("preview")));
      });

      it("is done where the execution has deployed it itself, and is tried again", async () => {
        assert.equal((await again("execution-1")).number, 2);
        assert.ok(!env.done.some((step) => step.startsWith("preview")));
      });
    });

    it("takes a half-made update up without the plan, which must have what is left", async () => {
      const urn = targetUrns(env.target)[1];
      env.past(two, {
        ...{ status: "inProgress", owner: "execution", previous: one, updatingHost: "build-1" },
      });
      env.lock = { number: 2, owner: "execution", at: "2026-01-02", releaseId: two.id };
      const inputDiff = { updates: { taskDefinition: "arn:new" } };
      const plan = { resourcePlans: { [urn]: { steps: ["update"], goal: { inputDiff } } } };
      writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
      const left = change("update", "aws:ecs/service:Service", "x", "taskDefinition");
      env.pending = [{ ...left, urn, newInputs: { taskDefinition: "arn:new" } }];
      await planned();
      assert.equal(env.ups[0]?.planFile, undefined);
    });

    it("stops a half-made update whose rest is not what was approved", async () => {
      const urn = targetUrns(env.target)[1];
      env.past(two, {
        ...{ status: "inProgress", owner: "execution", previous: one, updatingHost: "build-1" },
      });
      env.lock = { number: 2, owner: "execution", at: "2026-01-02", releaseId: two.id };
      writeFileSync(join(folder, "plan.json"), JSON.stringify({ resourcePlans: {} }));
      env.pending = [{ ...change("update", "aws:ecs/service:Service", "x", "desiredCount"), urn }];
      await assert.rejects(planned(), /not what was approved/);
      assert.equal(env.records[0]?.status, "failed");
    });
  });
});

function change(
  op: PlannedChange["op"],
  type: string,
  name: string,
  ...properties: string[]
): PlannedChange {
  const urn = `urn:pulumi:staging::shop::${type}::${name}`;
  return { urn, type, name, op, properties, oldInputs: {}, newInputs: {} };
}
