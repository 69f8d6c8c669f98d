import assert from "node:assert/strict";
import { deployThrough } from "../../../delivery/deploy";
import { DeploymentFailure } from "../../../delivery/steadyState";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, Killed, releaseNumber, web } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const releaseCommand = { command: ["node", "migrate.js"] };
const request = { release: two, owner: "execution", actor: "ada" };

const target = aTarget({ services: { web: { ...web, releaseCommand } } });

/** An environment that runs the first release, whose service has a release command. */
function environment(): FakeEnvironment {
  const env = FakeEnvironment.running(one, target);
  env.services = one;
  return env;
}

const deploy = (env: FakeEnvironment) => deployThrough(env.ports, request);

/** What a whole deployment does, in order. */
const steps = [
  `preflight ${two.id}`,
  `preview ${two.id}`,
  `begin deploy ${two.id}`,
  `command web ${two.id}`,
  "note releaseCommand",
  `point ${two.id}`,
  "note updating",
  `up ${two.id}`,
  `steady ${two.id}`,
  `truth ${two.id}`,
  `tag ${two.id} 2`,
  "end deployed",
];

describe("a deployment that is killed", () => {
  it("has these steps to be killed at", async () => {
    const env = environment();
    await deploy(env);
    assert.deepEqual(env.done, steps);
  });

  steps.forEach((step, index) => {
    for (const when of ["before", "after"] as const) {
      const name = step.replace(` ${two.id}`, "").replace(/ 2$/, "");
      it(`${when} "${name}" comes to the same end when it is run again`, async () => {
        const env = environment();
        env.killAt(index + 1, when);
        await assert.rejects(deploy(env));
        env.revive();
        await deploy(env);
        const [record, ...others] = env.records;
        assert.deepEqual(
          [record.status, record.number, record.release.id],
          ["deployed", 2, two.id],
        );
        assert.equal(record.previous?.id, one.id);
        assert.deepEqual(
          others.map(({ release }) => release.id),
          [one.id],
        );
        assert.equal(env.lock, undefined);
        assert.deepEqual([env.pointer, env.services], [two, two]);
        // Its task is known by the deployment's number, so that a second call finds the first one's.
        const commands = env.done.filter((done) => done.startsWith("command"));
        const unknown = ["command web", "note releaseCommand"].includes(name);
        assert.ok(commands.length === 1 || (unknown && commands.length === 2), name);
      });
    }
  });

  it("twice, at any two steps, comes to the same end too", async () => {
    for (let first = 1; first <= steps.length; first++) {
      for (let second = 1; second <= steps.length; second++) {
        const env = environment();
        for (const step of [first, second]) {
          env.killAt(step, "after");
          await deploy(env).catch(() => undefined);
          env.revive();
        }
        await deploy(env);
        assert.equal(env.records.length, 2, `${first}, ${second}`);
        assert.deepEqual([env.records[0].status, env.lock], ["deployed", undefined]);
        assert.deepEqual([env.pointer, env.services], [two, two]);
      }
    }
  });

  it("while it is taken back ends as it would have, or is deployed after all", async () => {
    const crash = new DeploymentFailure("web did not come up", ["web"]);
    for (let step = steps.length - 2; step <= steps.length + 3; step++) {
      const env = environment();
      env.failOn("steady", crash);
      env.killAt(step, "after");
      await assert.rejects(deploy(env));
      env.revive();
      // The release is as good as before: this time its tasks come up.
      await deploy(env);
      assert.equal(env.records[0].status, "deployed", String(step));
      assert.deepEqual([env.pointer, env.services, env.lock], [two, two, undefined]);
      assert.equal(env.records.filter(({ status }) => status === "deployed").length, 1);
    }
  });

  describe("and cannot go on", () => {
    it("is taken back, and not merely refused: something may have changed", async () => {
      const env = environment();
      env.killAt(steps.indexOf(`up ${two.id}`) + 1, "after");
      await assert.rejects(deploy(env));
      env.revive();
      env.failOn("preflight", new Error("the image is gone"));
      await assert.rejects(deploy(env), /the image is gone/);
      assert.deepEqual([env.pointer, env.services, env.lock], [one, one, undefined]);
      assert.deepEqual([env.records[0].status, env.records[0].restored], ["failed", one.id]);
    });

    it("has changed nothing yet where it had only begun", async () => {
      const env = environment();
      env.killAt(steps.indexOf(`begin deploy ${two.id}`) + 1, "after");
      await assert.rejects(deploy(env), Killed);
      env.revive();
      env.failOn("preflight", new Error("the image is gone"));
      await assert.rejects(deploy(env), /the image is gone/);
      assert.deepEqual(env.done.slice(-2), [`preflight ${two.id}!`, "end failed"]);
      assert.equal(env.lock, undefined);
    });
  });

  it("and given up by a person: the next deployment looks at what runs before it updates", async () => {
    const env = environment();
    env.past(two, { status: "failed", previous: one, updatingHost: "build-1" });
    env.pointer = two;
    await deployThrough(env.ports, { ...request, release: releaseNumber(3), owner: "next" });
    const [{ resumes, refresh }] = env.ups;
    assert.deepEqual({ resumes, refresh }, { resumes: true, refresh: true });
    assert.equal(env.records[0].previous?.id, one.id);
  });
});
