import assert from "node:assert/strict";
import { ECSClient, StopServiceDeploymentCommand } from "@aws-sdk/client-ecs";
import type { Deployments } from "../../../rehearsal/runner/deployments";
import type { Served } from "../../../rehearsal/runner/served";
import { readShifts } from "../../../rehearsal/shifts";
import { ImageBench } from "./imageBench";
import { serveSources } from "./servedSources";
import { Client, cluster, service, ShiftBench, testHeader, told } from "./shiftBench";

/** Containers are sources under this machine's node here. */
describe("deployments of a rehearsal that shift traffic", function () {
  this.timeout(300_000);
  let bench: ImageBench;
  let shift: ShiftBench;
  let ecs: ECSClient;
  let served: Served;
  let deployments: Deployments;
  let production: Client;
  let test: Client;
  let url: string;

  before(async () => {
    bench = await ImageBench.start();
    const sources = await serveSources(bench);
    served = sources.served;
    ecs = new ECSClient(bench.account.connection.root);
    deployments = await sources.hold();
    shift = await ShiftBench.start(bench, "one", {
      strategy: "CANARY",
      bakeTimeInMinutes: 1,
      canaryConfiguration: { canaryPercent: 50, canaryBakeTimeInMinutes: 8 },
      lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] }],
    });
    url = await served.addresses.open({ cluster, service, told });
  });

  after(async () => {
    await production?.stop();
    await test?.stop();
    await deployments?.stop();
    await served?.close();
    bench?.account.stop();
  });

  /** Waits until it is so, at most for a minute. */
  async function becomes(so: () => boolean): Promise<void> {
    for (let looks = 0; looks < 600 && !so(); looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(so());
  }

  it("begin with one colour", async () => {
    await (
      await shift.atHook()
    )("CONTINUE");
    await shift.until(({ status }) => status === "SUCCESSFUL");
    production = new Client(url);
    test = new Client(url, testHeader);
    assert.deepEqual(await production.next(3), new Set(["one"]));
  });

  it("keep production's answers until somebody goes on, and tests see the new one", async () => {
    const { taskDefinition: first = "" } = await served.services.describe(cluster, service);
    const blue = await served.services.run({ cluster, service, taskDefinition: first });
    await shift.deploy("two");
    const answer = await shift.atHook();
    assert.deepEqual(await test.next(10), new Set(["two"]));
    assert.deepEqual(await production.next(20), new Set(["one"]));
    assert.ok(blue.runs());
    await answer("CONTINUE");
    await shift.until(
      ({ targetServiceRevision: target }) => target?.requestedProductionTrafficWeight === 50,
    );
    // That one of two is never among 30 happens once in 10^9.
    assert.deepEqual(await production.next(30), new Set(["one", "two"]));
    const slow = Promise.all([fetch(`${url}/slow`), fetch(`${url}/slow`), fetch(`${url}/slow`)]);
    await shift.until(({ status }) => status === "SUCCESSFUL");
    assert.deepEqual(await production.next(5), new Set(["two"]));
    for (const response of await slow) assert.match(await response.text(), /^(one|two)$/);
    await becomes(() => !blue.runs());
  });

  it("go back without a request that the old colour did not answer", async () => {
    await shift.deploy("three");
    const answer = await shift.atHook();
    const { taskDefinition: third = "" } = await served.services.describe(cluster, service);
    const green = await served.services.run({ cluster, service, taskDefinition: third });
    const before = production.answers.length;
    await answer("ROLLBACK");
    await shift.until(({ status }) => status === "ROLLBACK_SUCCESSFUL");
    await production.next(5);
    assert.deepEqual(new Set(production.answers.slice(before)), new Set(["two"]));
    assert.deepEqual(await test.next(5), new Set(["two"]));
    await becomes(() => !green.runs());
  });

  it("wait for tasks that do not start until somebody stops them", async () => {
    const serviceDeploymentArn = await shift.deploy("four", ["node", "-e", "process.exit(3)"]);
    const told = /its container does not start: Essential container in task exited/;
    await becomes(() => bench.lines.some((line) => told.test(line)));
    assert.deepEqual(await production.next(10), new Set(["two"]));
    const { lifecycleStage } = await shift.until(() => true);
    assert.equal(lifecycleStage, "SCALE_UP");
    await ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }),
    );
    await shift.until(({ status }) => status === "ROLLBACK_SUCCESSFUL");
  });

  it("are told with each change of weights", async () => {
    const all = await readShifts(bench.account.emulator);
    const shown = all
      .filter(({ traffic }) => traffic === "production")
      .map(({ weights, taskDefinitions }) =>
        Object.entries(weights)
          .map(([group, weight]) => [taskDefinitions[group]?.split(":").at(-1), weight])
          .filter(([, weight]) => weight !== 0),
      );
    const first = [
      [
        ["1", 50],
        [undefined, 50],
      ],
      [["1", 100]],
    ];
    assert.deepEqual(shown.slice(0, 4), [
      ...first,
      [
        ["2", 50],
        ["1", 50],
      ],
      [["2", 100]],
    ]);
    // Neither of the deployments that went back had a request of production's.
    assert.deepEqual(shown.slice(4), []);
  });

  it("lose no request, at any moment", () => {
    for (const { answers } of [production, test]) {
      assert.deepEqual(
        answers.filter((one) => !/^(one|two|three)$/.test(one)),
        [],
      );
    }
    assert.ok(!production.answers.includes("three"));
  });
});
