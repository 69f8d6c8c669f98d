import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { createRoutes, type Routes, type ServiceState } from "../src/routes";
import { createServer, headersTimeoutMs, keepAliveTimeoutMs, requestIdOf } from "../src/server";
import { holdHandler, listen, openConnection, send } from "./support/http";
import { recordLogs, type RecordedLogs } from "./support/logs";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("app: server", () => {
  const config = { serviceName: "web", commit: "3f9c2a1b" };
  const startedAt = "2026-01-02T03:04:05.000Z";
  let server: Server;
  let port: number;
  let state: ServiceState;
  let logs: RecordedLogs;

  async function serve(extraRoutes: Routes = {}, overrides: Partial<typeof config> = {}) {
    state = { draining: false, startedAt: new Date(startedAt) };
    logs = recordLogs();
    const routes = { ...createRoutes({ ...config, ...overrides }, state), ...extraRoutes };
    server = createServer(routes, state, logs.logger);
    port = await listen(server);
  }

  beforeEach(() => serve());
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  describe("routes", () => {
    it("tells at / what runs, in JSON", async () => {
      const { status, headers, body } = await send(port, "/");
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "application/json; charset=utf-8");
      assert.equal(headers.vary, "Accept");
      assert.deepEqual(JSON.parse(body), {
        service: "web",
        commit: "3f9c2a1b",
        startedAt,
        links: { health: "/health", version: "/version" },
      });
    });

    it("tells at / what runs, as a page that may use its own style and nothing else", async () => {
      const { status, headers, body } = await send(port, "/", { headers: { Accept: "text/html" } });
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "text/html; charset=utf-8");
      assert.match(body, /<h1>web<\/h1>[^]*3f9c2a1b[^]*href="\/version"/);
      const style = /<style>([^]*)<\/style>/.exec(body)?.[1] ?? "";
      const hash = createHash("sha256").update(style).digest("base64");
      const policy = String(headers["content-security-policy"]);
      assert.ok(policy.startsWith("default-src 'none'") && policy.includes(`'sha256-${hash}'`));
    });

    it("escapes what the page shows", async () => {
      server.close();
      await serve({}, { serviceName: `<script>"&'` });
      const { body } = await send(port, "/", { headers: { Accept: "text/html" } });
      assert.ok(!body.includes("<script>"));
      assert.ok(body.includes("<h1>&lt;script&gt;&quot;&amp;&#39;</h1>"));
    });

    it("is healthy, and not while it drains", async () => {
      const healthy = await send(port, "/health");
      assert.deepEqual([healthy.status, healthy.body], [200, '{"status":"ok"}\n']);
      state.draining = true;
      const draining = await send(port, "/health");
      assert.deepEqual([draining.status, draining.body], [503, '{"status":"draining"}\n']);
    });

    it("tells its version", async () => {
      const { status, body } = await send(port, "/version?verbose=1");
      assert.equal(status, 200);
      const expected = { commit: "3f9c2a1b", startedAt };
      assert.deepEqual(JSON.parse(body), expected);
    });
  });

  describe("headers", () => {
    for (const path of ["/", "/health", "/version", "/nowhere"]) {
      it(`answers HEAD ${path} like GET, without the body`, async () => {
        const [get, head] = [await send(port, path), await send(port, path, { method: "HEAD" })];
        assert.equal(head.status, get.status);
        assert.equal(head.headers["content-type"], get.headers["content-type"]);
        assert.equal(head.body, "");
        // An error names its request id, which is of one length.
        assert.equal(head.headers["content-length"], get.headers["content-length"]);
        assert.equal(get.headers["content-length"], String(Buffer.byteLength(get.body)));
      });
    }

    it("forbids caching and content sniffing, and gives a request id", async () => {
      const { headers } = await send(port, "/version");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.match(String(headers["x-request-id"]), uuid);
    });

    it("keeps idle connections longer than the load balancer does", () => {
      assert.ok(keepAliveTimeoutMs > 60_000);
      assert.ok(headersTimeoutMs > keepAliveTimeoutMs);
      assert.equal(server.keepAliveTimeout, keepAliveTimeoutMs);
      assert.equal(server.headersTimeout, headersTimeoutMs);
    });
  });

  describe("failures", () => {
    for (const path of ["/nowhere", "//", "/health/", "/__proto__", "/%ff"]) {
      it(`answers ${path} with 404 in JSON`, async () => {
        const { status, headers, body } = await send(port, path);
        assert.equal(status, 404);
        const error = {
          status: 404,
          code: "not_found",
          message: `There is nothing at ${path}.`,
          requestId: headers["x-request-id"],
        };
        assert.deepEqual(JSON.parse(body), { error });
      });
    }

    for (const method of ["POST", "DELETE", "OPTIONS"]) {
      it(`answers ${method} with 405 in JSON and what is allowed`, async () => {
        const { status, headers, body } = await send(port, "/version", { method });
        assert.equal(status, 405);
        assert.equal(headers.allow, "GET, HEAD");
        const { error } = JSON.parse(body) as { error: { code: string; message: string } };
        assert.equal(error.code, "method_not_allowed");
        assert.equal(error.message, `/version does not allow ${method}, only GET and HEAD.`);
      });
    }

    it("answers 500 without the reason, which is in the log with its stack", async () => {
      const fail = () => Promise.reject(new Error("password=hunter2"));
      server.close();
      await serve({ "/broken": { GET: fail } });
      const { status, headers, body } = await send(port, "/broken");
      assert.equal(status, 500);
      assert.ok(!body.includes("hunter2") && body.includes("internal_error"));
      const line = await logs.waitFor("request");
      assert.deepEqual([line.level, line.status], ["error", 500]);
      assert.equal(line.requestId, headers["x-request-id"]);
      assert.match(String((line.error as { stack: string }).stack), /hunter2[^]*server\.test\.ts/);
    });
  });

  describe("log lines", () => {
    it("logs one line per request, without the query", async () => {
      await send(port, "/version?token=secret", { headers: { Authorization: "Bearer secret" } });
      const line = await logs.waitFor("request");
      assert.equal(logs.lines.length, 1);
      const { time, durationMs, requestId, ...rest } = line;
      assert.ok(time !== "" && typeof durationMs === "number" && durationMs >= 0);
      assert.match(String(requestId), uuid);
      const expected = { level: "info", message: "request", method: "GET", path: "/version" };
      assert.deepEqual(rest, { ...expected, status: 200 });
      assert.ok(!JSON.stringify(line).includes("secret"));
    });

    it("logs health checks at debug level", async () => {
      await send(port, "/health");
      assert.equal((await logs.waitFor("request")).level, "debug");
    });

    it("logs a client that left before the answer as aborted, with status 499", async () => {
      const held = holdHandler();
      server.close();
      await serve({ "/held": { GET: held.handler } });
      const socket = await openConnection(port);
      socket.write("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await held.received;
      socket.destroy();
      const line = await logs.waitFor("request");
      assert.deepEqual([line.level, line.status, line.aborted], ["info", 499, true]);
      held.release();
      assert.equal((await send(port, "/health")).status, 200);
    });

    it("takes the request id from the load balancer's trace header", async () => {
      const root = "1-67891233-abcdef012345678912345678";
      const trace = { "X-Amzn-Trace-Id": `Self=1-67891234-12456789abcdef012345678;Root=${root}` };
      const { headers } = await send(port, "/", { headers: trace });
      assert.equal(headers["x-request-id"], root);
      assert.equal((await logs.waitFor("request")).requestId, root);
    });

    for (const header of [undefined, "", "Root=1-2", "Root=x\ny", "NotRoot=1-67891233-abcdef"]) {
      it(`makes a request id where the trace header is ${JSON.stringify(header)}`, () => {
        assert.match(requestIdOf(header), uuid);
      });
    }
  });

  it("answers a malformed request with 400 and goes on", async () => {
    const socket = await openConnection(port);
    socket.write("NOT HTTP\r\n\r\n");
    const [data] = (await once(socket, "data")) as [Buffer];
    assert.match(data.toString(), /^HTTP\/1\.1 400 /);
    assert.equal((await send(port, "/health")).status, 200);
  });
});
