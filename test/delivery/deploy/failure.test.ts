import assert from "node:assert/strict";
import { deployThrough, type DeployRequest } from "../../../delivery/deploy";
import { StackLockedError } from "../../../delivery/engine/locks";
import { DeliveryError } from "../../../delivery/errors";
import { DeploymentFailure } from "../../../delivery/steadyState";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));

describe("a deployment that fails", () => {
  let env: FakeEnvironment;
  const deploy = (request: Partial<DeployRequest> = {}) =>
    deployThrough(env.ports, { release: two, owner: "execution", actor: "ada", ...request });

  beforeEach(() => {
    env = FakeEnvironment.running(one);
  });

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
    env = FakeEnvironment.running(one, aTarget({ services: { web: { ...web, releaseCommand } } }));
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
    // The services get back what the program gives them without a release.
    assert.deepEqual(env.done.slice(-3), ["forget", "up no release", "end failed"]);
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
