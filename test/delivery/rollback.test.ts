import assert from "node:assert/strict";
import { planRollback, rollbackThrough } from "../../delivery/rollback";
import { DeliveryError } from "../../delivery/errors";
import { DeploymentFailure } from "../../delivery/steadyState";
import { FakeEnvironment, releaseNumber } from "./support/fakePorts";

const [one, two, three, four] = [1, 2, 3, 4].map((n) => releaseNumber(n));

describe("rollback", () => {
  let env: FakeEnvironment;
  const rollback = (to?: string) =>
    rollbackThrough(env.ports, { to, owner: "ada@laptop", actor: "ada@laptop" });

  beforeEach(() => {
    env = new FakeEnvironment();
    env.past(one);
    env.past(two, { previous: one });
    env.pointer = two;
    env.services = two;
  });

  it("takes a deployment's steps without release commands and infrastructure", async () => {
    const record = await rollback();
    assert.deepEqual(env.done, [
      `preflight ${one.id}`,
      "hold",
      `begin rollback ${one.id}`,
      `point ${one.id}`,
      "note updating",
      `up ${one.id}`,
      `steady ${one.id}`,
      `truth ${one.id}`,
      `tag ${one.id} 3`,
      "end deployed",
    ]);
    assert.deepEqual([record.kind, record.previous?.id], ["rollback", two.id]);
    assert.deepEqual([env.pointer, env.services, env.lock], [one, one, undefined]);
  });

  it("that is killed is taken up by the same person, also without naming the release again", async () => {
    for (let step = 1; step <= 9; step++) {
      for (const when of ["before", "after"] as const) {
        env = new FakeEnvironment();
        env.past(one);
        env.past(two, { previous: one });
        env.pointer = two;
        env.killAt(step, when);
        await assert.rejects(rollback());
        env.revive();
        const record = await rollback();
        assert.deepEqual([record.number, record.release.id], [3, one.id], `${when} ${step}`);
        assert.deepEqual([env.pointer, env.services, env.lock], [one, one, undefined]);
      }
    }
  });

  it("puts back what ran where it fails", async () => {
    env.failOn("steady", new DeploymentFailure("web did not come up", ["web"]));
    await assert.rejects(rollback(), (error: DeliveryError) => {
      assert.ok(error.details.includes(`Rolled back: ${two.id} runs as before.`));
      return true;
    });
    assert.deepEqual([env.pointer, env.services, env.lock], [two, two, undefined]);
  });

  describe("goes", () => {
    it("a second time to what ran before that, and not to what it has just left", async () => {
      env.past(three, { previous: two });
      env.pointer = three;
      assert.equal((await rollback()).release.id, two.id);
      assert.equal((await rollback()).release.id, one.id);
      await assert.rejects(rollback(), /no release before .* that was deployed/);
    });

    it("past a release that was gone back from, to what the running one replaced", async () => {
      env.past(one, { kind: "rollback", previous: two, status: "deployed" });
      env.past(three, { previous: one });
      env.pointer = three;
      assert.equal((await rollback()).release.id, one.id);
    });

    it("to the last one that was verified, past those that were only deployed", async () => {
      env.past(three, { previous: two, status: "deployed" });
      env.past(four, { previous: three });
      env.pointer = four;
      assert.equal((await rollback()).release.id, two.id);
    });

    it("to one that was only deployed, where none was verified", async () => {
      env = new FakeEnvironment();
      env.past(one, { status: "deployed" });
      env.past(two, { previous: one });
      env.pointer = two;
      assert.equal((await rollback()).release.id, one.id);
    });

    it("from a release whose deployment was abandoned to what that had found", async () => {
      env.past(three, { status: "failed", previous: two });
      env.pointer = three;
      assert.equal((await rollback()).release.id, two.id);
      const [{ resumes, refresh }] = env.ups;
      assert.deepEqual({ resumes, refresh }, { resumes: true, refresh: true });
    });

    for (const [how, to] of [
      ["without a name", undefined],
      ["by name, as the failure said", two.id],
    ] as const) {
      it(`to the release of the pointer where a failure could not be taken back, ${how}`, async () => {
        env.past(three, { status: "failed", previous: two });
        env.services = three;
        assert.equal((await rollback(to)).release.id, two.id);
        assert.deepEqual([env.services, env.pointer], [two, two]);
      });
    }
  });

  describe("by name", () => {
    it("goes to a release of long ago", async () => {
      assert.equal((await rollback(one.id)).release.id, one.id);
    });

    it("is refused for what runs", async () => {
      await assert.rejects(
        rollback(two.id),
        /desired release of staging already\. Nothing was changed/,
      );
    });

    it("is refused for what never was, and lists what there is", async () => {
      await assert.rejects(rollback("0000-0"), (error: DeliveryError) => {
        assert.match(error.message, /never had a release 0000-0/);
        assert.deepEqual(error.details, [`${one.id}  verified  ${env.records[1].begunAt}`]);
        return true;
      });
      assert.deepEqual(env.done, []);
    });
  });

  it("goes where was agreed to, or nowhere: somebody else has gone back meanwhile", async () => {
    env.past(three, { previous: two });
    env.pointer = three;
    const { release } = planRollback(env.ports, await env.ports.ledger.recent(), three, {
      ...{ owner: "grace@desk", actor: "grace@desk" },
    });
    assert.equal(release.id, two.id);
    await rollback();
    await assert.rejects(rollback(release.id), /is the desired release of staging already/);
    assert.equal(env.pointer.id, two.id);
  });

  it("says before that a release which is named has failed, unless it was verified at another time", async () => {
    const acts = async (to: string) =>
      planRollback(env.ports, await env.ports.ledger.recent(), two, {
        ...{ to, owner: "ada@laptop", actor: "ada@laptop" },
      }).acts;
    const reason = "the checks of web failed 2 times";
    env.past(three, { status: "failed", reason });
    assert.equal(
      (await acts(three.id))[1],
      `it failed as deployment 3, and was never verified: ${reason}`,
    );
    env.past(one, { status: "verified" });
    env.past(one, { status: "failed", reason });
    assert.doesNotMatch((await acts(one.id)).join("\n"), /it failed/);
  });

  it("is refused where its images are gone, before anything changes", async () => {
    env.failOn("preflight", new DeliveryError("the image is missing"));
    await assert.rejects(rollback(), /the image is missing/);
    assert.deepEqual([env.records.length, env.pointer], [2, two]);
  });
});
