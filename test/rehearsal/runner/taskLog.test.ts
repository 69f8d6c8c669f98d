import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GrowingFile } from "../../../rehearsal/runner/growingFile";
import { TaskLog } from "../../../rehearsal/runner/taskLog";
import type { Connection } from "../../../rehearsal/runner/connection";
import { Folders } from "./support";

const task = { cluster: "shop", service: "web", taskDefinition: "arn:web:2" };

describe("the log of a task", () => {
  const folders = new Folders();
  after(() => folders.remove());

  /** What the emulator was given, until the tasks are there it takes nothing. */
  function begin({ refuses = false } = {}) {
    const file = join(folders.make(), "web.log");
    writeFileSync(file, "what the container before it said\n");
    const given: unknown[] = [];
    const state = { isThere: false, asked: 0 };
    const control = (path: string, body: object) => {
      state.asked += 1;
      if (refuses) return Promise.reject(new Error("there is no active service web"));
      if (state.isThere) given.push([path, body]);
      return Promise.resolve({ task: state.isThere ? "arn:task" : null });
    };
    const connection = { emulator: { control } } as unknown as Connection;
    const output = GrowingFile.from(file);
    const log = new TaskLog({ connection, task, container: "app", output });
    return { file, given, state, log };
  }

  const until = async (holds: () => boolean) => {
    for (let left = 100; left > 0 && !holds(); left -= 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(holds());
  };

  it("has whole lines of its container alone, once the tasks are there", async () => {
    const { file, given, state, log } = begin();
    appendFileSync(file, "listening\n\nsubprocess exited with status 1\nGET");
    await until(() => state.asked > 0);
    assert.deepEqual(given, []);
    state.isThere = true;
    await until(() => given.length > 0);
    appendFileSync(file, " /");
    await log.end();
    const of = (...lines: string[]) => ["ecs/task-logs", { ...task, container: "app", lines }];
    assert.deepEqual(given, [of("listening"), of("GET /")]);
  });

  it("is kept for tasks that come after their container has ended, as a worker's", async () => {
    const { file, given, state, log } = begin();
    appendFileSync(file, "done\n");
    await log.end();
    assert.deepEqual(given, []);
    state.isThere = true;
    await until(() => given.length > 0);
    const { asked } = state;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(state.asked, asked, "it is over");
  });

  it("is given up where the service is gone", async () => {
    const { file, state, log } = begin({ refuses: true });
    appendFileSync(file, "done\n");
    await log.end();
    const { asked } = state;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(state.asked, asked);
  });
});
