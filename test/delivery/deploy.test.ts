import assert from "node:assert/strict";
import { deployThrough, type DeployRequest } from "../../delivery/deploy";
import { targetUrns } from "../../delivery/engine/targets";
import { aTarget } from "./support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));

describe("deploy", () => {
  let env: FakeEnvironment;
  const deploy = (request: Partial<DeployRequest> = {}) =>
    deployThrough(env.ports, { release: two, owner: "execution", actor: "ada", ...request });

  beforeEach(() => {
    env = FakeEnvironment.running(one);
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

  it("records where the release comes from", async () => {
    const origin = { committedAt: "2026-01-01T10:00:00.000Z" };
    assert.deepEqual((await deploy({ origin })).origin, origin);
  });

  it("says each step when it starts and when it ended", async () => {
    await deploy();
    assert.ok(env.log.includes("deploy: lock ..."));
    assert.ok(env.log.includes("deploy: lock: deployment 2 (0 s)"));
  });

  it("runs the release commands before the pointer moves", async () => {
    const releaseCommand = { command: ["node", "migrate.js"] };
    env = FakeEnvironment.running(one, aTarget({ services: { web: { ...web, releaseCommand } } }));
    await deploy();
    const at = env.done.indexOf(`command web ${two.id}`);
    assert.deepEqual(env.done.slice(at, at + 3), [
      `command web ${two.id}`,
      "note releaseCommand",
      `point ${two.id}`,
    ]);
  });

  it("tells a service of which no task shall run as unproven, in the log and in the history (row F3)", async () => {
    env.unproven = ["web"];
    const record = await deploy();
    assert.deepEqual([record.status, record.unproven], ["deployed", ["web"]]);
    assert.ok(env.log.includes(`deploy: record: ${two.id} deployed, UNPROVEN for web (0 s)`));
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
      await assert.rejects(
        deploy(),
        /staging is locked: deployment 2 of release .* held by ada, execution-9 since .* gantry unlock/,
      );
      assert.deepEqual(env.done, []);
    });
  });
});
