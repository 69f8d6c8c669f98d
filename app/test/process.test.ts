import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { killChildren, spawnApp } from "./support/child";
import { send } from "./support/http";

describe("app: process", function () {
  // A process compiles its TypeScript first: a second here, more on a busy machine.
  this.timeout(30_000);
  afterEach(killChildren);

  const quick = { PORT: "0", DRAIN_DELAY_SECONDS: "0" };

  async function runHeld(environment: Readonly<Record<string, string>>) {
    const child = spawnApp("test/support/heldMain.ts", { ...quick, ...environment });
    const port = Number((await child.waitFor("listening")).port);
    const answer = send(port, "/held");
    // Where the process is ended by force, nobody looks at the answer.
    answer.catch(() => undefined);
    await child.waitFor("held request received");
    return { child, answer };
  }

  it("serves what its environment says, and exits with 0 after SIGTERM", async () => {
    const commit = { GANTRY_COMMIT: "3f9c2a1b" };
    const child = spawnApp("src/main.ts", { ...quick, ...commit });
    const listening = await child.waitFor("listening");
    assert.deepEqual([listening.commit, listening.service], ["3f9c2a1b", "web"]);
    const { body } = await send(Number(listening.port), "/version");
    assert.equal((JSON.parse(body) as { commit: string }).commit, "3f9c2a1b");
    child.process.kill("SIGTERM");
    const { code, signal, stderr } = await child.exited;
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
    assert.deepEqual(
      child.lines.map(({ message }) => message),
      ["listening", "request", "shutdown begun", "shutdown complete"],
    );
  });

  it("answers the request in flight before it exits", async () => {
    const { child, answer } = await runHeld({});
    child.process.kill("SIGTERM");
    assert.equal((await child.waitFor("shutdown begun")).inFlight, 1);
    child.process.stdin.write("now\n");
    assert.equal((await answer).status, 200);
    assert.equal((await child.exited).code, 0);
    assert.equal(child.lines.at(-1)?.message, "shutdown complete");
  });

  it("fails when the request in flight outlasts the timeout", async () => {
    const { child } = await runHeld({ SHUTDOWN_TIMEOUT_SECONDS: "1" });
    child.process.kill("SIGTERM");
    assert.equal((await child.exited).code, 1);
    assert.equal(child.lines.at(-1)?.message, "shutdown timed out, ending by force");
  });

  it("ends at once at a second SIGTERM", async () => {
    const { child } = await runHeld({});
    child.process.kill("SIGTERM");
    await child.waitFor("shutdown begun");
    child.process.kill("SIGTERM");
    assert.equal((await child.exited).code, 1);
    assert.equal(child.lines.at(-1)?.message, "second signal, ending at once");
  });

  it("fails when its configuration is wrong, with every fault in one line", async () => {
    const child = spawnApp("src/main.ts", { PORT: "http", LOG_LEVEL: "loud" });
    const { code, stderr } = await child.exited;
    assert.deepEqual([code, stderr, child.lines.length], [1, "", 1]);
    assert.equal(child.lines[0]?.message, "the configuration is invalid");
    assert.equal((child.lines[0].faults as string[]).length, 2);
  });

  it("fails when its port is taken, and says what to do", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const child = spawnApp("src/main.ts", { PORT: String(port) });
    assert.equal((await child.exited).code, 1);
    assert.equal(child.lines.at(-1)?.message, `port ${port} is in use; set PORT to another one`);
    other.close();
  });
});
