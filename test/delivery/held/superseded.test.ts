import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { confirmThrough } from "../../../delivery/confirm";
import { deployThrough } from "../../../delivery/deploy";
import type { UpOptions } from "../../../delivery/engine";
import type { DeliveryError } from "../../../delivery/errors";
import { DeploymentFailure } from "../../../delivery/steadyState";
import { FakeEnvironment, releaseNumber } from "../support/fakePorts";
import { someEvidence } from "../support/someEvidence";
import { asking, newer, waiting } from "./asking";
import { conclude, deploy, one, requireQuiet, requireUnmet, shiftOf, three, two } from "./support";

function confirm(env: FakeEnvironment, passed = true) {
  const check = { passed, attempts: 1, seconds: 1, output: passed ? [] : ["GET /: 500"] };
  return confirmThrough(env.ports, {
    ...{ release: two, owner: "older", actor: "ada", evidence: someEvidence() },
    known: () => Promise.reject(new Error("nobody is asked")),
    verification: { release: two.id, passed, services: { web: check }, at: "" },
  });
}

describe("a release that waits for an approval, when a newer one comes", () => {
  let env: FakeEnvironment;

  beforeEach(async () => (env = await waiting()));

  const outcomes = () =>
    env.records.map(({ release, status, failedStage, reason }) => [
      ...[release.id, status],
      ...(failedStage ? [failedStage, reason] : []),
    ]);

  it("gives way to it: the newer one waits in its place, and was never met either", async () => {
    const record = await newer(env);
    assert.deepEqual([record.status, record.number, record.previous?.id], ["held", 3, one.id]);
    assert.deepEqual(outcomes(), [
      [three.id, "held"],
      [two.id, "failed", "superseded", `superseded by release ${three.id}`],
      [one.id, "verified"],
    ]);
    assert.deepEqual([env.lock?.owner, shiftOf(env).waiting?.id], ["newer", three.id]);
    assert.deepEqual(shiftOf(env).answers, ["ROLLBACK"]);
    assert.ok(env.done.includes("stop older"));
    requireUnmet(env, two);
    requireUnmet(env, three);
    await conclude(env, true, three, "newer");
    requireQuiet(env, three);
    requireUnmet(env, two);
    assert.equal(env.records[1].history.filter((event) => event === "failed").length, 1);
  });

  it("gives way to a planned one, which leaves no service behind that its plan does not change", async () => {
    const planFolder = mkdtempSync(join(tmpdir(), "gantry-plan-"));
    try {
      const basis = { release: three.id, running: two.id, deployment: 2, stateVersion: "1" };
      writeFileSync(join(planFolder, "basis.json"), JSON.stringify(basis));
      const planFile = join(planFolder, "plan.json");
      writeFileSync(planFile, JSON.stringify({ resourcePlans: {} }));
      const planned = { release: three, owner: "newer", actor: "ada", planFolder };
      await deployThrough(env.ports, planned);
      const options = ({ planFile: plan, refresh }: UpOptions) => [plan, refresh];
      // ECS has gone back on it, and the plan was made for what had waited: Pulumi reads back what there is.
      assert.deepEqual(options(env.ups[env.ups.length - 1]), [undefined, true]);

      env = await waiting();
      const change = { type: "", name: "", properties: ["cpu"], oldInputs: {}, newInputs: {} };
      env.pending = [{ ...change, operation: "update", urn: "urn:pulumi:web" }] as never;
      await assert.rejects(deployThrough(env.ports, planned), /is not what was approved/);
      requireQuiet(env, one);
      requireUnmet(env, two);
    } finally {
      rmSync(planFolder, { recursive: true });
    }
  });

  it("is over for whoever approves, refuses or confirms it then, and nothing happens", async () => {
    await newer(env);
    const { records, lock, done } = env;
    const { length } = done;
    const isOver = (error: DeliveryError) => {
      assert.match(
        error.message,
        new RegExp(
          `release ${two.id} of deployment 2 is over on production: superseded by release ${three.id}.*` +
            "Nothing was changed by this\\. Approve that one instead",
        ),
      );
      return true;
    };
    await assert.rejects(conclude(env, true, two, "older"), isOver);
    await assert.rejects(conclude(env, false, two, "older"), isOver);
    await assert.rejects(confirm(env), isOver);
    await assert.rejects(confirm(env, false), isOver);
    env.refusal = "Rejected";
    await assert.rejects(confirm(env), isOver);
    assert.deepEqual([env.records, env.lock, env.done.slice(length)], [records, lock, []]);
    assert.equal(shiftOf(env).waiting?.id, three.id);
  });

  it("goes on where it was approved, and the newer one is refused", async () => {
    env.unapproved.clear();
    await assert.rejects(newer(env), /the new tasks of deployment 2 .* held by older/);
    await conclude(env, true, two, "older");
    await newer(env);
    await conclude(env, true, three, "newer");
    assert.equal(env.records[0].previous?.id, two.id);
    requireQuiet(env, three);
  });

  it("goes on where it was approved while the newer one was being checked", async () => {
    const { ports } = env;
    const preflight = () => Promise.resolve(env.unapproved.clear());
    const checked = { ...env, ports: { ...ports, preflight } } as unknown as FakeEnvironment;
    await assert.rejects(newer(checked), /is being concluded by older.*Nothing was changed/);
    await conclude(env, true, two, "older");
    requireQuiet(env, two);
  });

  it("is left to its own execution from where that has begun to conclude it", async () => {
    await env.ports.ledger.note(env.records[0], { event: "concluding" });
    await assert.rejects(newer(env), /is being concluded by older.*Nothing was changed.*retry/);
    await conclude(env, true, two, "older");
    requireQuiet(env, two);
  });

  it("that was approved in this very moment goes on, or gives way: never both", async () => {
    for (const first of ["older", "newer"] as const) {
      env = await waiting();
      const { ports } = env;
      const { ledger } = ports;
      // Each has read the ledger before the other writes.
      const view = await ledger.recent();
      const stale = { ...ledger, recent: () => Promise.resolve(view) };
      const late = { ...env, ports: { ...ports, ledger: stale } } as unknown as FakeEnvironment;
      if (first === "older") {
        await ledger.note(env.records[0], { event: "concluding" });
        await assert.rejects(newer(late), /is being concluded by older/);
        await conclude(env, true, two, "older");
        requireQuiet(env, two);
      } else {
        await newer(env);
        await assert.rejects(conclude(late, true, two, "older"), /superseded by release/);
        await conclude(env, true, three, "newer");
        requireQuiet(env, three);
        requireUnmet(env, two);
      }
    }
  });

  it("stays where the newer one is refused, or is none", async () => {
    env.failOn(`preflight ${three.id}`, new Error("the image is gone"));
    await assert.rejects(newer(env), /the image is gone/);
    env.executionIsStopped = true;
    await assert.rejects(newer(env), /stopped/);
    env.executionIsStopped = false;
    await assert.rejects(newer(env, one), /held by older/, "it is older itself");
    assert.deepEqual([env.lock?.owner, env.records[0].status], ["older", "held"]);
    assert.deepEqual(shiftOf(env).answers, []);
    await conclude(env, true, two, "older");
    requireQuiet(env, two);
  });

  it("of two newer ones gives way to both, one after the other", async () => {
    await newer(env);
    env.unapproved.add("newer");
    const four = releaseNumber(4);
    await newer(env, four, "newest");
    await assert.rejects(conclude(env, true, three, "newer"), /superseded by release/);
    await conclude(env, true, four, "newest");
    assert.deepEqual(
      env.records.map(({ status, failedStage }) => failedStage ?? status),
      ["verified", "superseded", "superseded", "verified"],
    );
    requireQuiet(env, four);
    for (const release of [two, three]) requireUnmet(env, release);
  });

  it("of two newer ones at once gives way to one, and the other is refused", async () => {
    const four = releaseNumber(4);
    const both = await Promise.allSettled([newer(env), newer(env, four, "newest")]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const [held] = env.records;
    assert.deepEqual([held.status, shiftOf(env).waiting?.id], ["held", held.release.id]);
    await conclude(env, true, held.release, held.owner);
    requireQuiet(env, held.release);
    requireUnmet(env, two);
  });

  it("is gone back from also where the newer one fails, whenever that is", async () => {
    for (const begin of ["command web", "point", "up", "steady"]) {
      const step = `${begin} ${three.id}`;
      env = await waiting(asking("afterVerification", { releaseCommand: { command: ["true"] } }));
      env.failOn(step, new DeploymentFailure("no capacity", ["web"]));
      await assert.rejects(newer(env), /no capacity/, step);
      assert.deepEqual([env.records[0].status, env.records[0].restored], ["failed", one.id], step);
      requireQuiet(env, one, step);
      requireUnmet(env, two, step);
    }
  });

  it("comes to the same end when the newer one is killed and run again, at each step", async () => {
    const { length } = env.done;
    await newer(env);
    const steps = env.done.length - length;
    for (let step = 1; step <= steps; step++) {
      for (const when of ["before", "after"] as const) {
        const at = `${when} ${step}`;
        env = await waiting();
        env.killAt(step, when);
        await assert.rejects(newer(env), at);
        env.revive();
        await newer(env);
        await conclude(env, true, three, "newer");
        assert.deepEqual(
          env.records.map(({ status, failedStage }) => failedStage ?? status),
          ["verified", "superseded", "verified"],
          at,
        );
        requireQuiet(env, three, at);
        requireUnmet(env, two, at);
      }
    }
  });

  it("does not give way where people are asked before the deployment, or nobody is", async () => {
    for (const approval of [true, false]) {
      env = FakeEnvironment.shifting(one, asking(approval));
      await deploy(env, two, "older");
      env.unapproved.add("older");
      await assert.rejects(newer(env), /held by older/);
    }
  });
});
