import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../../rehearsal/engine/lock";
import { folderWith, removeFolders } from "./support";

describe("the engine's lock", () => {
  afterEach(removeFolders);

  function holder(folder: string, name: string): ChildProcess {
    const script = join(__dirname, "lockHolder.ts");
    const args = [join(folder, "lock"), join(folder, "journal"), name];
    return spawn(process.execPath, ["-r", "ts-node/register", script, ...args], {
      stdio: "inherit",
    });
  }

  const release = (folder: string, name: string) =>
    writeFileSync(join(folder, `journal.${name}`), "");

  const journal = (folder: string) => {
    const file = join(folder, "journal");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(10);
  }

  it("lets two processes work one after the other, and the second says for whom it waits", async () => {
    const folder = folderWith();
    const first = holder(folder, "first");
    await until(() => journal(folder).includes("first begins"));
    const second = holder(folder, "second");
    await until(() => journal(folder).length > 1);
    release(folder, "second");
    release(folder, "first");
    await Promise.all([once(first, "exit"), once(second, "exit")]);
    const [begins, says, ...rest] = journal(folder);
    assert.equal(begins, "first begins");
    assert.match(
      says,
      new RegExp(`^second says engine: waiting for process ${first.pid}, which has been building`),
    );
    assert.deepEqual(rest, ["first ends", "second begins", "second ends"]);
    assert.equal(existsSync(join(folder, "lock")), false);
  });

  it("is taken over from a holder that was killed", async () => {
    const folder = folderWith();
    const killed = holder(folder, "killed");
    await until(() => journal(folder).includes("killed begins"));
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const said: string[] = [];
    await withLock(
      join(folder, "lock"),
      (line) => said.push(line),
      () => Promise.resolve(),
    );
    assert.deepEqual(said, [
      `engine: process ${killed.pid} was building it and is gone; taking over`,
    ]);
    assert.deepEqual(readdirSync(folder), ["journal"]);
  });

  it("is taken over from a holder that has not shown itself, though its process id is in use", async () => {
    const lock = join(folderWith(), "lock");
    const stale = { pid: process.pid, host: hostname(), since: 0, id: "x" };
    writeFileSync(lock, JSON.stringify(stale));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    assert.equal(
      await withLock(
        lock,
        () => {},
        () => Promise.resolve("done"),
      ),
      "done",
    );
  });

  it("is taken over by one of many waiters at a time", async () => {
    const lock = join(folderWith(), "lock");
    const dead = spawn(process.execPath, ["-e", ""]);
    await once(dead, "exit");
    writeFileSync(lock, JSON.stringify({ pid: dead.pid, host: hostname(), since: 0, id: "x" }));
    let [inside, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    };
    await Promise.all(
      Array.from({ length: 10 }, () => withLock(lock, () => {}, work, { pollMs: 1 })),
    );
    assert.equal(most, 1);
  });

  it("is released when the work fails", async () => {
    const lock = join(folderWith(), "lock");
    const failing = withLock(
      lock,
      () => {},
      () => Promise.reject(new Error("no disk")),
    );
    await assert.rejects(failing, /no disk/);
    assert.equal(existsSync(lock), false);
  });
});
