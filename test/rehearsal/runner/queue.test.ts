import assert from "node:assert/strict";
import type { Emulator } from "../../../rehearsal/emulator";
import { queueOf, StageQueue } from "../../../rehearsal/runner/queue";

describe("the queue of a pipeline's executions", () => {
  /** Lets everything go on that waits for nothing but its turn. */
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("lets one after the other into a stage, as they came", async () => {
    const queue = new StageQueue();
    const entered: string[] = [];
    const enter = async (name: string) => {
      const leave = await queue.enter("Deploy");
      entered.push(name);
      return leave;
    };
    const [first, second, third] = ["first", "second", "third"].map(enter);
    await turn();
    assert.deepEqual(entered, ["first"]);
    (await first)();
    await turn();
    assert.deepEqual(entered, ["first", "second"]);
    (await second)();
    (await third)();
    assert.deepEqual(entered, ["first", "second", "third"]);
  });

  it("lets two be in two stages at once", async () => {
    const queue = new StageQueue();
    await queue.enter("Deploy");
    await queue.enter("Build");
  });

  it("is one for each pipeline of an emulator, and none for parallel executions", () => {
    const emulator = {} as Emulator;
    const queued = { name: "shop-staging", executionMode: "QUEUED" };
    const queue = queueOf(emulator, queued);
    assert.ok(queue);
    assert.equal(queueOf(emulator, queued), queue);
    assert.notEqual(queueOf(emulator, { ...queued, name: "shop-production" }), queue);
    assert.notEqual(queueOf({} as Emulator, queued), queue);
    assert.equal(queueOf(emulator, { ...queued, executionMode: "PARALLEL" }), undefined);
  });
});
