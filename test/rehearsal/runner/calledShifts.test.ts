import assert from "node:assert/strict";
import type { Deployments } from "../../../rehearsal/runner/deployments";
import type { Served } from "../../../rehearsal/runner/served";
import { ImageBench } from "./imageBench";
import { serveSources } from "./servedSources";
import { Client, cluster, ShiftBench, testHeader } from "./shiftBench";

const name = "api";

/** Containers are sources under this machine's node here. */
describe("private services of a rehearsal whose deployments shift traffic", function () {
  this.timeout(300_000);
  let bench: ImageBench;
  let shift: ShiftBench;
  let served: Served;
  let deployments: Deployments;
  let url: string;
  let calls: Client;
  let tests: Client;

  before(async () => {
    bench = await ImageBench.start();
    const sources = await serveSources(bench);
    served = sources.served;
    deployments = await sources.hold();
    shift = await ShiftBench.startPrivate(bench, name, "one", {
      strategy: "CANARY",
      bakeTimeInMinutes: 1,
      canaryConfiguration: { canaryPercent: 50, canaryBakeTimeInMinutes: 8 },
      lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] }],
    });
    const answer = await shift.atHook();
    await answer("CONTINUE");
    await shift.until(({ status }) => status === "SUCCESSFUL");
    const known = await served.services.names.knownTo(cluster, await described());
    const [called] = known?.names ?? [];
    await served.services.names.open([called]);
    url = `http://${called.address}:${called.port}`;
    // Names have no door while a container starts that may want their port.
    calls = new Client(url, {}, "ECONNREFUSED");
    tests = new Client(url, testHeader, "ECONNREFUSED");
  });

  after(async () => {
    await calls?.stop();
    await tests?.stop();
    await deployments?.stop();
    await served?.close();
    bench?.account.stop();
  });

  const described = () => served.services.describe(cluster, name);

  it("are called where the stage says, and tests reach the tasks that are held", async () => {
    assert.deepEqual(await calls.next(5), new Set(["one"]));
    await shift.deploy("two");
    const answer = await shift.atHook();
    assert.deepEqual(await tests.next(10), new Set(["two"]));
    assert.deepEqual(await calls.next(20), new Set(["one"]));
    await answer("CONTINUE");
    await shift.until(
      ({ targetServiceRevision: target }) => target?.requestedProductionTrafficWeight === 50,
    );
    // That one of two is never among 30 happens once in 10^9.
    assert.deepEqual(await calls.next(30), new Set(["one", "two"]));
    const slow = Promise.all([fetch(`${url}/slow`), fetch(`${url}/slow`), fetch(`${url}/slow`)]);
    await shift.until(({ status }) => status === "SUCCESSFUL");
    assert.deepEqual(await calls.next(5), new Set(["two"]));
    for (const response of await slow) assert.match(await response.text(), /^(one|two)$/);
  });

  it("are verified at the addresses of the tasks that are held", async () => {
    await shift.deploy("three");
    const answer = await shift.atHook();
    const tasks = await served.services.reachTasks(cluster, await described());
    assert.ok(tasks);
    await served.services.names.open([tasks]);
    assert.equal(await (await fetch(`http://${tasks.address}:${tasks.port}`)).text(), "three");
    assert.deepEqual(await calls.next(10), new Set(["two"]));
    await answer("ROLLBACK");
    await shift.until(({ status }) => status === "ROLLBACK_SUCCESSFUL");
    // What was under way is answered.
    await tests.next(2);
    assert.deepEqual(await tests.next(5), new Set(["two"]));
  });

  it("lose no call, also of those that are slow to be answered", () => {
    for (const { answers } of [calls, tests]) {
      assert.deepEqual(
        answers.filter((one) => !/^(one|two|three)$/.test(one)),
        [],
      );
    }
    assert.ok(!calls.answers.includes("three"));
  });
});
