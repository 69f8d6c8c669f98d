import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type Server } from "node:http";
import type { Socket } from "node:net";
import { trackConnections, type Connections } from "../src/connections";
import { createRoutes, json, type ServiceState } from "../src/routes";
import { createServer } from "../src/server";
import { createShutdown, type ShutdownSignal } from "../src/shutdown";
import { holdHandler, listen, openConnection, send, type HeldHandler } from "./support/http";
import { recordLogs, type RecordedLogs } from "./support/logs";

interface Running {
  readonly port: number;
  readonly held: HeldHandler;
  readonly logs: RecordedLogs;
  readonly connections: Connections;
  readonly shutdown: (signal: ShutdownSignal) => void;
  /** The codes that `exit` was called with. */
  readonly codes: number[];
  readonly exited: Promise<number>;
}

describe("app: shutdown", () => {
  const config = { serviceName: "web", commit: "unknown" };
  const agent = new Agent({ keepAlive: true });
  let server: Server;

  /** The times are in seconds, as the configuration's, but may be fractions: tests are short. */
  async function run(drainDelaySeconds: number, shutdownTimeoutSeconds = 9): Promise<Running> {
    const held = holdHandler();
    const logs = recordLogs();
    const state: ServiceState = { draining: false, startedAt: new Date() };
    const extra = {
      "/held": { GET: held.handler },
      // More than the socket's buffers hold: its headers are out long before its end.
      "/large": { GET: () => json(200, "x".repeat(32 * 1024 * 1024)) },
    };
    server = createServer({ ...createRoutes(config, state), ...extra }, state, logs.logger);
    const connections = trackConnections(server);
    const port = await listen(server);
    const codes: number[] = [];
    let resolve: (code: number) => void = () => undefined;
    const exited = new Promise<number>((settle) => (resolve = settle));
    const exit = (code: number): void => {
      codes.push(code);
      resolve(code);
    };
    const { logger } = logs;
    const times = { drainDelaySeconds, shutdownTimeoutSeconds };
    const shutdown = createShutdown({ server, connections, state, logger, exit, ...times });
    return { port, held, logs, connections, shutdown, codes, exited };
  }

  const closed = (socket: Socket) => (socket.destroyed ? Promise.resolve() : once(socket, "close"));

  afterEach(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });

  it("exits with 0 at once when nothing is connected", async () => {
    const { shutdown, exited, logs } = await run(0);
    shutdown("SIGTERM");
    assert.equal(await exited, 0);
    assert.deepEqual(
      logs.lines.map(({ message }) => message),
      ["shutdown begun", "shutdown complete"],
    );
  });

  it("answers a request in flight, closes its connection, then exits with 0", async () => {
    const { port, held, shutdown, codes, exited, logs } = await run(0);
    const answer = send(port, "/held", { agent });
    await held.received;
    shutdown("SIGTERM");
    assert.equal((await logs.waitFor("shutdown begun")).inFlight, 1);
    await assert.rejects(send(port, "/"), /ECONNREFUSED/);
    assert.deepEqual(codes, []);
    held.release();
    const { status, headers } = await answer;
    assert.deepEqual([status, headers.connection], [200, "close"]);
    assert.equal(await exited, 0);
  });

  it("closes an idle keep-alive connection", async () => {
    const { port, shutdown, exited } = await run(0);
    const { headers } = await send(port, "/", { agent });
    assert.equal(headers.connection, "keep-alive");
    const [idle] = Object.values(agent.freeSockets).flat();
    assert.ok(idle);
    shutdown("SIGTERM");
    await closed(idle);
    assert.equal(await exited, 0);
  });

  it("closes a connection that never sent a request", async () => {
    const { port, shutdown, exited } = await run(0);
    const accepted = once(server, "connection");
    const silent = await openConnection(port);
    await accepted;
    shutdown("SIGTERM");
    await closed(silent.resume());
    assert.equal(await exited, 0);
  });

  it("closes a keep-alive connection whose answer was on its way, when all of it is sent", async () => {
    const { port, shutdown, exited, connections } = await run(0);
    const socket = await openConnection(port);
    socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "readable");
    assert.equal(connections.inFlight(), 1);
    shutdown("SIGTERM");
    let received = 0;
    socket.on("data", (data: Buffer) => (received += data.length));
    await closed(socket);
    assert.ok(received > 32 * 1024 * 1024, `the answer was cut at ${received} bytes`);
    assert.equal(await exited, 0);
  });

  it("still answers during the drain delay, unhealthy and without keep-alive", async () => {
    const { port, shutdown, codes } = await run(60, 90);
    await send(port, "/", { agent });
    shutdown("SIGTERM");
    const old = await send(port, "/", { agent });
    assert.deepEqual([old.status, old.headers.connection], [200, "close"]);
    const health = await send(port, "/health", { agent });
    assert.deepEqual([health.status, health.body], [503, '{"status":"draining"}\n']);
    assert.deepEqual(codes, []);
  });

  it("closes after the drain delay", async () => {
    const { port, shutdown, exited } = await run(0.05);
    const startedAt = performance.now();
    shutdown("SIGTERM");
    assert.equal(await exited, 0);
    // A timer may fire up to a millisecond early by this clock.
    assert.ok(performance.now() - startedAt >= 49);
    await assert.rejects(send(port, "/"), /ECONNREFUSED/);
  });

  it("does not wait the drain delay for a person's Ctrl-C", async () => {
    const { shutdown, exited } = await run(60, 90);
    shutdown("SIGINT");
    assert.equal(await exited, 0);
  });

  it("fails when a request outlasts the timeout: exit code 1 and a line that says so", async () => {
    const { port, held, shutdown, codes, exited, logs } = await run(0, 0.1);
    const answer = send(port, "/held").catch(() => undefined);
    await held.received;
    shutdown("SIGTERM");
    assert.equal(await exited, 1);
    const line = logs.lines.at(-1);
    assert.match(String(line?.message), /timed out/);
    assert.deepEqual([line?.level, line?.inFlight], ["error", 1]);
    assert.deepEqual(codes, [1]);
    held.release();
    await answer;
  });

  it("ends at once at a second signal of either kind", async () => {
    const { port, held, shutdown, codes, logs } = await run(0);
    const answer = send(port, "/held");
    await held.received;
    shutdown("SIGTERM");
    shutdown("SIGINT");
    assert.deepEqual(codes, [1]);
    assert.match(String(logs.lines.at(-1)?.message), /second signal/);
    held.release();
    await answer;
  });
});
