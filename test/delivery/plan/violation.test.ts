import assert from "node:assert/strict";
import { deployThrough } from "../../../delivery/deploy";
import { EngineError } from "../../../delivery/engine/failure";
import { targetUrns } from "../../../delivery/engine/targets";
import type { PlannedChange } from "../../../delivery/engine";
import { DeliveryError } from "../../../delivery/errors";
import { FakeEnvironment, releaseNumber } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const violation = () =>
  new EngineError("pulumi up of staging failed", [
    "shop--staging--web-task: resource urn:... violates plan: properties changed: ~~containerDefinitions",
  ]);

describe("an update that its plan stops (row 21)", () => {
  let env: FakeEnvironment;
  const deploy = () => deployThrough(env.ports, { release: two, owner: "execution", actor: "ada" });
  const updates = () => env.ups.map(({ release }) => release?.id);

  /** What Pulumi would still do to get back to what ran. */
  const left = (before: string, after: string): PlannedChange => ({
    ...{ urn: targetUrns(env.target)[0], type: "", name: "", op: "replace", properties: [] },
    oldInputs: { containerDefinitions: JSON.stringify([{ name: "app", image: before }]), cpu: "1" },
    newInputs: { containerDefinitions: JSON.stringify([{ name: "app", image: after }]), cpu: "2" },
  });

  /** The preview before the deployment finds nothing missing; the one after it finds this. */
  function finds(change: PlannedChange): void {
    const { ports } = env;
    const { pulumi } = ports;
    const preview: typeof pulumi.preview = async (options) => {
      const found = await pulumi.preview(options);
      return options.release?.id === one.id ? [change] : found;
    };
    Object.defineProperty(env, "ports", { value: { ...ports, pulumi: { ...pulumi, preview } } });
  }

  beforeEach(() => {
    env = FakeEnvironment.running(one);
  });

  it("before it changed anything is not updated back, which could bring what was not approved", async () => {
    finds(left("a", "a"));
    env.failOn("up", violation());
    await assert.rejects(deploy(), /pulumi up of staging failed/);
    assert.deepEqual(updates(), [two.id]);
    assert.equal(env.pointer, one);
    assert.deepEqual([env.records[0].status, env.records[0].restored], ["failed", one.id]);
  });

  it("half-way is updated back", async () => {
    finds(left("b", "a"));
    env.failOn("up", violation());
    await assert.rejects(deploy());
    assert.deepEqual(updates(), [two.id, one.id]);
  });

  it("is updated back where nobody can tell", async () => {
    finds(left("a", "a"));
    env.failOn(`preview ${one.id}`, new DeliveryError("no backend"));
    env.failOn("up", violation());
    await assert.rejects(deploy());
    assert.deepEqual(updates(), [two.id, one.id]);
  });

  it("is told from any other failure", async () => {
    finds(left("a", "a"));
    env.failOn("up", new EngineError("pulumi up of staging failed", ["throttled"]));
    await assert.rejects(deploy());
    assert.deepEqual(updates(), [two.id, one.id]);
  });
});
