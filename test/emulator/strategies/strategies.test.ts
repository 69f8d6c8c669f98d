import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { destroy, up } from "../../../rehearsal/update";
import { buildOnEachOther, log, startBench, type Bench } from "../support";
import { stackOf, type Configuration, type Given } from "./program";
import { Surroundings } from "./surroundings";

const pause = (timeoutInMinutes: string): Configuration => ({
  lifecycleHooks: [
    {
      targetType: "PAUSE",
      lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
      timeoutConfiguration: { timeoutInMinutes, action: "CONTINUE" },
    },
  ],
});

const twoColours: Configuration = {
  ...{ strategy: "BLUE_GREEN", bakeTimeInMinutes: "10" },
  ...pause("30"),
};

/** Changes of the service one after the other, and what ECS then says of its deployment configuration. */
const changes: Record<string, readonly [given: Configuration, told: object]> = {
  "a canary": [
    {
      ...{ ...twoColours, strategy: "CANARY" },
      canaryConfiguration: { canaryPercent: 2.5, canaryBakeTimeInMinutes: "3" },
    },
    {
      ...{ strategy: "CANARY", bakeTimeInMinutes: 10 },
      canaryConfiguration: { canaryPercent: 2.5, canaryBakeTimeInMinutes: 3 },
    },
  ],
  "equal steps": [
    {
      ...{ ...twoColours, strategy: "LINEAR" },
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "0" },
    },
    { strategy: "LINEAR", linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 0 } },
  ],
  "one colour": [{ ...twoColours, strategy: "ROLLING" }, { strategy: "ROLLING" }],
  "two colours again, with other times": [
    { ...twoColours, ...pause("60"), bakeTimeInMinutes: "20" },
    {
      ...{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 20 },
      lifecycleHooks: [
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
          timeoutConfiguration: { timeoutInMinutes: 60, action: "CONTINUE" },
        },
      ],
    },
  ],
};

describe("deployment strategies of a service, by the real engine", function () {
  buildOnEachOther();
  let bench: Bench;
  let around: Surroundings;
  let stack: Stack;
  let given: Given;

  before(async () => {
    bench = await startBench();
    around = await Surroundings.make(bench);
    const taskDefinition = await around.define("web:1");
    given = { host: "a.example.com", taskDefinition, deploymentConfiguration: twoColours };
    stack = await stackOf(around, () => given);
  });

  after(() => bench?.stop());

  /** What the engine would change, after it read back what there is. */
  const wouldChange = async () => {
    const { changeSummary } = await stack.preview({ refresh: true });
    return changeSummary;
  };

  const change = async (changed: Partial<Given>, update = 1) => {
    given = { ...given, ...changed };
    assert.deepEqual((await up(stack, log)).changes, { same: 3 - update, update });
    assert.deepEqual(await wouldChange(), { same: 3 });
  };

  it("are made with the service, whose first deployment waits at its hook", async () => {
    await up(stack, log);
    await around.until(({ hook }) => hook !== undefined);
    assert.deepEqual(await wouldChange(), { same: 3 });
    assert.equal(await around.answer("CONTINUE"), "SUCCESSFUL");
    // Green serves now, and what the program says of blue is no change.
    assert.deepEqual((await around.production()).weights, [0, 100]);
    assert.deepEqual(await wouldChange(), { same: 3 });
  });

  it("show what somebody else has changed", async () => {
    await around.setBakeTime(99);
    assert.deepEqual(await wouldChange(), { same: 2, update: 1 });
  });

  for (const [name, [deploymentConfiguration, told]] of Object.entries(changes)) {
    it(`become ${name} without a deployment`, async () => {
      await change({ deploymentConfiguration });
      const configuration = await around.configuration();
      assert.deepEqual({ ...configuration, ...told }, configuration);
      assert.equal(await around.deployments(), 1);
    });
  }

  it("stay while requests move, and where they went back", async () => {
    const { taskDefinition } = given;
    await change({ taskDefinition: await around.define("web:2") });
    await around.until(({ hook }) => hook !== undefined);
    const host = "b.example.com";
    const deploymentConfiguration = { ...given.deploymentConfiguration, bakeTimeInMinutes: "5" };
    await change({ host, deploymentConfiguration }, 2);
    assert.equal(await around.answer("ROLLBACK"), "ROLLBACK_SUCCESSFUL");
    assert.deepEqual(await around.production(), { hosts: [host], weights: [0, 100] });
    assert.equal(await around.deployments(), 2);
    // What the program no longer names stays as it is.
    given = { host, taskDefinition };
    assert.deepEqual(await wouldChange(), { same: 3 });
  });

  it("go with the service", async () => {
    await destroy(stack, log);
  });
});
