import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployThrough, type DeployRequest } from "../../delivery/deploy";
import type { PlannedChange } from "../../delivery/engine";
import { StackLockedError } from "../../delivery/engine/locks";
import { targetUrns } from "../../delivery/engine/targets";
import { DeliveryError } from "../../delivery/errors";
import { DeploymentFailure } from "../../delivery/steadyState";
import { aTarget } from "./support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));

describe("deploy", () => {
  let env: FakeEnvironment;
  const deploy = (request: Partial<DeployRequest> = {}) =>
    deployThrough(env.ports, { release: two, owner: "execution", actor: "ada", ...request });

  beforeEach(() => {
    env = new FakeEnvironment();
    env.past(one);
    env.pointer = one;
  });

  it("takes its steps in order", async () => {
    const record = await deploy();
    assert.deepEqual(env.done, [
      `preflight ${two.id}`,
      `preview ${two.id}`,
      `begin deploy ${two.id}`,
      `point ${two.id}`,
      "note updating",
      `up ${two.id}`,
      `steady ${two.id}`,
      `truth ${two.id}`,
      `tag ${two.id} 2`,
      "end deployed",
    ]);
    assert.equal(record.status, "deployed");
    assert.equal(record.previous?.id, one.id);
    assert.equal(env.lock, undefined);
    assert.deepEqual(env.ups[0]?.targets, targetUrns(env.target));
  });

  it("says each step when it starts and when it ended", async () => {
    await deploy();
    assert.ok(env.log.includes("deploy: lock ..."));
    assert.ok(env.log.includes("deploy: lock: deployment 2 (0 s)"));
  });

  it("runs the release commands before the pointer moves", async () => {
    const releaseCommand = { command: ["node", "migrate.js"] };
    env = new FakeEnvironment(aTarget({ services: { web: { ...web, releaseCommand } } }));
    env.past(one);
    env.pointer = one;
    await deploy();
    const at = env.done.indexOf(`command web ${two.id}`);
    assert.deepEqual(env.done.slice(at, at + 3), [
      `command web ${two.id}`,
      "note releaseCommand",
      `point ${two.id}`,
    ]);
  });

  describe("a repeated deployment", () => {
    it("of what runs proves it, and changes nothing", async () => {
      const { number } = await deploy({ release: one });
      assert.equal(number, 1);
      assert.deepEqual(env.done, [`truth ${one.id}`]);
    });

    it("after a kill takes up what was begun", async () => {
      env.failOn("steady", new Error("killed"));
      env.failOn("point", new Error("killed"), new Error("killed"));
      await assert.rejects(deploy());
      // A kill leaves the ledger as it was at that moment.
      env = new FakeEnvironment();
      env.past(one);
      env.pointer = two;
      env.host = "build-2";
      const begun = env.past(two, {
        ...{ status: "inProgress", owner: "execution", previous: one, updatingHost: "build-1" },
      });
      env.lock = { number: 2, owner: "execution", at: begun.begunAt, releaseId: two.id };
      const record = await deploy();
      assert.equal(record.number, 2);
      assert.equal(env.records.length, 2);
      assert.ok(!env.done.includes(`begin deploy ${two.id}`));
      const { ownership, resumes } = env.ups[0];
      assert.equal(resumes, true);
      assert.deepEqual(ownership.hosts, ["build-1", "build-2"]);
      assert.deepEqual(ownership.since, new Date(begun.begunAt));
    });

    it("does not run release commands twice", async () => {
      const releaseCommand = { command: ["node", "migrate.js"] };
      env = new FakeEnvironment(aTarget({ services: { web: { ...web, releaseCommand } } }));
      env.past(two, { status: "inProgress", owner: "execution", releaseCommandDone: true });
      env.lock = { number: 1, owner: "execution", at: "2026-01-01", releaseId: two.id };
      await deploy();
      assert.ok(!env.done.some((step) => step.startsWith("command")));
    });

    it("is refused while another execution holds the lock", async () => {
      env.past(three, { status: "inProgress" });
      env.lock = { number: 2, owner: "execution-9", at: "2026-01-03", releaseId: three.id };
      await assert.rejects(deploy(), /locked by execution-9/);
    });
  });

  describe("a failure", () => {
    const crash = new DeploymentFailure("web did not come up", ["web"]);

    it("puts the release before back, and says why it failed", async () => {
      env.failOn("steady", crash);
      await assert.rejects(deploy(), (error: DeliveryError) => {
        assert.match(error.message, /deployment 2 of release .* failed: web did not come up/);
        assert.ok(error.details.includes("web: exit code 137"));
        assert.ok(error.details.includes(`Rolled back: ${one.id} runs as before.`));
        return true;
      });
      const at = env.done.indexOf(`steady ${two.id}!`);
      assert.deepEqual(env.done.slice(at + 1), [
        `point ${one.id}`,
        `up ${one.id}`,
        `steady ${one.id}`,
        `truth ${one.id}`,
        "end failed",
      ]);
      const { status, restored, reason } = env.records[0];
      assert.deepEqual([status, restored, reason], ["failed", one.id, "web did not come up"]);
      assert.equal(env.pointer, one);
      assert.equal(env.lock, undefined);
    });

    it("of the truth check is one too: what ECS says does not count", async () => {
      env.failOn("truth", new DeliveryError("what runs is not the release"));
      await assert.rejects(deploy(), /what runs is not the release/);
      assert.equal(env.pointer, one);
    });

    it("of a release command changes nothing, so nothing is put back", async () => {
      const releaseCommand = { command: ["node", "migrate.js"] };
      env = new FakeEnvironment(aTarget({ services: { web: { ...web, releaseCommand } } }));
      env.past(one);
      env.pointer = one;
      env.failOn("command", new DeliveryError("the migration failed"));
      await assert.rejects(deploy(), /the migration failed/);
      assert.deepEqual(env.done.slice(-2), [`command web ${two.id}!`, "end failed"]);
      assert.equal(env.records[0]?.restored, one.id);
    });

    it("by another's update takes the pointer back, and does not try to update itself", async () => {
      env.failOn("up", new StackLockedError("locked by ada@laptop", []));
      await assert.rejects(deploy(), /locked by ada@laptop/);
      assert.deepEqual(env.done.slice(-3), [`up ${two.id}!`, `point ${one.id}`, "end failed"]);
      assert.equal(env.records[0]?.restored, one.id);
    });

    it("of the first release ever has nothing to roll back to, and says so", async () => {
      env = new FakeEnvironment();
      env.failOn("steady", crash);
      await assert.rejects(deploy(), (error: DeliveryError) => {
        assert.match(error.details.join("\n"), /nothing to roll back to/);
        assert.match(error.details.join("\n"), /the service is on bootstrap/);
        return true;
      });
      assert.equal(env.pointer, undefined);
      assert.deepEqual(env.done.slice(-2), ["forget", "end failed"]);
      assert.match(env.records[0]?.reason ?? "", /nothing to roll back to/);
    });

    it("of the rollback too is told with both reasons, and frees the lock", async () => {
      env.failOn("steady", crash, new DeploymentFailure("nor did the old one", ["web"]));
      await assert.rejects(deploy(), (error: DeliveryError) => {
        const text = error.details.join("\n");
        assert.match(error.message, /web did not come up/);
        assert.match(text, /The rollback to .* failed too: nor did the old one/);
        assert.match(text, new RegExp(`gantry rollback --stack staging --to ${one.id}`));
        return true;
      });
      assert.equal(env.lock, undefined);
      assert.equal(env.records[0]?.restored, undefined);
      assert.match(env.records[0]?.reason ?? "", /failed too/);
    });

    it("of the ledger alone puts nothing back: the release runs", async () => {
      env.failOn("end deployed", new Error("DynamoDB is away"));
      await assert.rejects(deploy(), /runs on staging, but the ledger could not be told/);
      assert.equal(env.pointer, two);
      assert.notEqual(env.lock, undefined);
    });

    it("goes back to the release that was proven, not to one whose deployment was abandoned", async () => {
      env.past(two, { status: "failed", previous: one });
      env.pointer = two;
      env.failOn("steady", crash);
      await assert.rejects(deploy({ release: three }));
      assert.equal(env.pointer, one);
    });
  });

  describe("is refused", () => {
    it("where the preflight finds a fault: nothing is begun", async () => {
      env.failOn("preflight", new DeliveryError("the image is missing"));
      await assert.rejects(deploy(), /the image is missing/);
      assert.equal(env.records.length, 1);
      assert.equal(env.pointer, one);
    });

    it("where the commit needs infrastructure that nobody applied, which is named", async () => {
      env.pending = [
        change("create", "aws:s3/bucket:Bucket", "shop-staging-uploads"),
        change("update", "aws:iam/rolePolicy:RolePolicy", "shop-staging-web-taskPolicy", "policy"),
        {
          ...change("replace", "aws:ecs/taskDefinition:TaskDefinition", "x"),
          urn: targetUrns(env.target)[0],
        },
        { ...change("update", "aws:ecs/service:Service", "x"), urn: targetUrns(env.target)[1] },
      ];
      await assert.rejects(deploy(), (error: DeliveryError) => {
        assert.match(error.message, /2 resources.*pulumi up --stack staging/);
        assert.deepEqual(error.details, [
          "create aws:s3:Bucket shop-staging-uploads",
          "update aws:iam:RolePolicy shop-staging-web-taskPolicy (policy)",
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
      env = new FakeEnvironment(
        aTarget({ services: { web }, pipeline: {} }, "/nowhere", "production"),
      );
      env.past(one);
      env.pointer = one;
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
          assert.match(error.message, /start the pipeline anew \(Release change\)/);
          return true;
        });
        assert.deepEqual(env.done, []);
      });
    }

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
