import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  accepts,
  BackgroundProgram,
  ContainerEnded,
  freePort,
} from "../../../rehearsal/runner/backgroundProgram";
import { isRunning } from "../../../delivery/run";
import { Folders } from "./support";

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, "in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a program in the background", () => {
  const folders = new Folders();
  after(() => folders.remove());

  const place = () => {
    const folder = folders.make();
    return { folder, env: process.env, logFile: join(folder, "log"), pid: join(folder, "pid") };
  };
  const pidIn = (file: string) =>
    existsSync(file) ? Number(readFileSync(file, "utf8")) || undefined : undefined;

  it("ends when it is stopped, with all that it started", async () => {
    const { env, logFile, pid } = place();
    const script = `sleep 300 & echo $! > ${pid}; wait`;
    const program = new BackgroundProgram("sh", ["-c", script], { env, logFile });
    await until(() => pidIn(pid) !== undefined);
    assert.equal(program.runs(), true);
    await program.stop();
    assert.equal(program.runs(), false);
    await until(() => !isRunning(pidIn(pid) ?? 0));
  });

  const listening = (answer: string, port: number) => {
    const { env, logFile } = place();
    const server = `require("node:net").createServer((socket) => { ${answer} }).listen(${port}, "127.0.0.1")`;
    return new BackgroundProgram(process.execPath, ["-e", server], { env, logFile });
  };

  it("listens once it takes connections, where it need not speak HTTP", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const program = listening("", port);
    assert.equal(await program.answersAt(() => Promise.resolve([url]), accepts), url);
    await program.stop();
  });

  it("does not listen where connections are closed at once, as an engine does for it", async () => {
    const port = await freePort();
    const urls = () => Promise.resolve([`http://127.0.0.1:${port}`]);
    const program = listening("socket.destroy();", port);
    await assert.rejects(program.answersAt(urls, accepts, 2_000), /did not listen in time/);
    await program.stop();
  });

  it("tells its exit code and last lines, when it ends by itself", async () => {
    const { env, logFile } = place();
    const program = new BackgroundProgram("sh", ["-c", "echo no database; exit 3"], {
      env,
      logFile,
    });
    await assert.rejects(program.staysFor(10_000), (error) => {
      assert.ok(error instanceof ContainerEnded);
      assert.deepEqual([error.code, error.lines], [3, ["no database"]]);
      return true;
    });
  });

  it("tells no lines of what runs it", async () => {
    const { env, logFile } = place();
    const script = "echo no database; echo Error: exit status 3; exit 3";
    const program = new BackgroundProgram("sh", ["-c", script], {
      ...{ env, logFile },
      foreign: /^Error: exit status/,
    });
    await assert.rejects(program.staysFor(10_000), { lines: ["no database"] });
  });

  it("fails when it is not there", async () => {
    const { env, logFile } = place();
    const program = new BackgroundProgram("no-such-program", [], { env, logFile });
    await assert.rejects(program.staysFor(10_000), /no-such-program: not found/);
  });

  it("ends when whoever started it is killed, and what it leaves is removed", async () => {
    const { folder, logFile, pid } = place();
    const file = require.resolve("../../../rehearsal/runner/backgroundProgram");
    const removed = join(folder, "removed");
    const options = { env: process.env, logFile, orphaned: `touch ${removed}` };
    const starter = spawn(process.execPath, [
      ...["-r", "ts-node/register", "-e"],
      `const { BackgroundProgram } = require(${JSON.stringify(file)});
       new BackgroundProgram("sh", ["-c", "echo $$ > ${pid}; exec sleep 300"], ${JSON.stringify(options)});`,
    ]);
    await until(() => pidIn(pid) !== undefined);
    starter.kill("SIGKILL");
    await until(() => !isRunning(pidIn(pid) ?? 0));
    await until(() => existsSync(removed));
  });
});
