import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { connect, type ClientHttp2Session } from "node:http2";
import { placeholder } from "../../../components/service/placeholder";
import type { RouteProtocol } from "../../../components/service/protocol";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Runs what the container would, on this machine's node. */
function start(
  kind: "web" | "worker",
  environment: NodeJS.ProcessEnv = {},
  protocol?: RouteProtocol,
): ChildProcess {
  const [program, ...words] =
    placeholder(kind === "web" ? 3000 : undefined, protocol).command ?? [];
  assert.equal(program, "node");
  return spawn(process.execPath, words, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
}

/** Asks until something answers: the process needs a moment to listen. */
async function answer(port: number, path: string, agent?: Agent): Promise<[number, string]> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(port, path, agent);
    } catch (error) {
      if (attempt === 100) throw error;
      await wait(50);
    }
  }
}

function ask(port: number, path: string, agent?: Agent): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("end", () => resolve([response.statusCode ?? 0, body]));
    }).on("error", reject);
  });
}

/** A session of HTTP/2 without TLS, once something listens. */
async function session(port: number): Promise<ClientHttp2Session> {
  for (let attempt = 0; ; attempt++) {
    const client = connect(`http://127.0.0.1:${port}`);
    try {
      await once(client, "connect");
      return client;
    } catch (error) {
      if (attempt === 100) throw error;
      await wait(50);
    }
  }
}

/** The status of an answer by HTTP/2, and what gRPC says in its trailers. */
async function askHttp2(client: ClientHttp2Session, path: string) {
  const stream = client.request({ ":path": path, ":method": "POST" });
  let trailers: Record<string, unknown> = {};
  stream.on("trailers", (given: Record<string, unknown>) => (trailers = given));
  stream.end();
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  stream.resume();
  await once(stream, "end");
  return [headers[":status"], trailers["grpc-status"]];
}

async function endsOnSigterm(child: ChildProcess): Promise<void> {
  assert.equal(child.exitCode, null);
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  // By itself, with 0: a signal that ended it would be named.
  assert.deepEqual(await exited, [0, null]);
}

describe("placeholder", () => {
  const children: ChildProcess[] = [];
  const started = (child: ChildProcess) => {
    children.push(child);
    return child;
  };
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  for (const kind of ["web", "worker"] as const) {
    it(`of a ${kind} is a public image of a pinned version, and not run by root`, () => {
      const { uri, user } = placeholder(kind === "web" ? 3000 : undefined);
      assert.ok(typeof uri === "string");
      assert.match(uri, /^public\.ecr\.aws\/docker\/library\/node:\d+\.\d+-alpine$/);
      assert.equal(user, "node");
    });
  }

  it("of a port that only root may listen on is run by root: the image is Node's own", () => {
    assert.deepEqual(
      [80, 443, 1023, 1024, 8080].map((port) => placeholder(port).user),
      ["root", "root", "root", "node", "node"],
    );
  });

  it("of a web service answers 200 on any path, so that every health check passes", async () => {
    const port = await freePort();
    started(start("web", { PORT: String(port) }));
    for (const path of ["/", "/health", "/api/orders?page=2"]) {
      const [status, body] = await answer(port, path);
      assert.deepEqual([status, body], [200, "This service waits for its first release.\n"], path);
    }
  });

  it("of a web service ends on SIGTERM, though a load balancer keeps connections open", async () => {
    const port = await freePort();
    const child = started(start("web", { PORT: String(port) }));
    const agent = new Agent({ keepAlive: true });
    const [status] = await answer(port, "/health", agent);
    assert.equal(status, 200);
    assert.equal(Object.values(agent.freeSockets).flat().length, 1, "a connection is open");
    await endsOnSigterm(child);
    agent.destroy();
  });

  for (const [protocol, path, wanted] of [
    ["http2", "/health", [200, undefined]],
    ["grpc", "/grpc.health.v1.Health/Check", [200, "0"]],
  ] as const) {
    it(`of a web service answers by ${protocol}, and ends though a session is open`, async () => {
      const port = await freePort();
      const child = started(start("web", { PORT: String(port) }, protocol));
      const client = await session(port);
      assert.deepEqual(await askHttp2(client, path), wanted);
      await endsOnSigterm(child);
      client.destroy();
    });
  }

  it("of a worker waits, and ends on SIGTERM", async () => {
    const child = started(start("worker"));
    // Longer than node takes to start, so that it would have ended if it had nothing to wait for.
    await wait(500);
    await endsOnSigterm(child);
  });
}).timeout(20_000);
