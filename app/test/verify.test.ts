import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createRoutes, json, type Routes, type ServiceState } from "../src/routes";
import { createServer } from "../src/server";
import { appFolder } from "./support/child";
import { listen } from "./support/http";
import { recordLogs } from "./support/logs";

type Variables = Readonly<Record<string, string>>;

/** Runs the verification as the Verify stage does. */
async function verify(args: string[], variables: Variables = {}) {
  const child = spawn(process.execPath, [join(appFolder, "verify", "main.mjs"), ...args], {
    env: { VERIFY_TIMEOUT_SECONDS: "0", VERIFY_INTERVAL_SECONDS: "0.01", ...variables },
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, "close")) as [number | null];
  const [stdout, stderr] = await outputs;
  return { code, stdout, stderr };
}

describe("app: verification", function () {
  this.timeout(30_000);
  const commit = "3f9c2a1b5d7e9f00112233445566778899aabbcc";
  const servers: Server[] = [];

  async function serve(server: Server): Promise<string> {
    servers.push(server);
    return `http://127.0.0.1:${await listen(server)}`;
  }

  function serveApp(extraRoutes: Routes = {}): Promise<string> {
    const state: ServiceState = { draining: false, startedAt: new Date() };
    const routes = createRoutes({ serviceName: "web", commit }, state);
    return serve(createServer({ ...routes, ...extraRoutes }, state, recordLogs().logger));
  }

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  describe("of the real service", () => {
    for (const expected of [commit, commit.slice(0, 8)]) {
      it(`passes with the expected commit ${expected}`, async () => {
        const { code, stdout, stderr } = await verify([await serveApp()], {
          EXPECTED_COMMIT: expected,
        });
        assert.deepEqual([code, stderr], [0, ""]);
        assert.match(stdout, /PASS {2}version is the expected commit \(1 attempt, /);
        assert.match(stdout, /\n5 passed, 0 failed, 0 skipped\n$/);
      });
    }

    it("takes the URL from VERIFY_URL, and says that the commit was not checked", async () => {
      const { code, stdout } = await verify([], { VERIFY_URL: await serveApp() });
      assert.equal(code, 0);
      assert.match(stdout, /SKIP {2}version is the expected commit \(EXPECTED_COMMIT is not set\)/);
      assert.match(stdout, /\n4 passed, 0 failed, 1 skipped\n$/);
    });

    it("retries until it is healthy, and records the attempts", async () => {
      let requests = 0;
      const GET = () =>
        ++requests < 3 ? json(503, { status: "draining" }) : json(200, { status: "ok" });
      const url = await serveApp({ "/health": { GET } });
      const { code, stdout } = await verify([url], { VERIFY_TIMEOUT_SECONDS: "20" });
      assert.equal(code, 0);
      assert.match(
        stdout,
        /PASS {2}health is ok \(3 attempts, .*\n {6}attempts 1-2: GET \/health: expected status 200; got 503 {"status":"draining"}/,
      );
    });
  });

  describe("of a wrong one", () => {
    it("fails when another commit runs", async () => {
      const { code, stdout } = await verify([await serveApp()], { EXPECTED_COMMIT: "0000000000" });
      assert.equal(code, 1);
      assert.match(
        stdout,
        new RegExp(`GET /version: commit is "${commit}", expected "0000000000"`),
      );
      assert.match(stdout, /\n4 passed, 1 failed, 0 skipped\n$/);
    });

    it("fails when another service answers, check by check", async () => {
      const other = createHttpServer((_, response) => {
        response.writeHead(200, { "Content-Type": "text/html" }).end("<p>Welcome!</p>\n");
      });
      const { code, stdout } = await verify([await serve(other)], { EXPECTED_COMMIT: commit });
      assert.equal(code, 1);
      for (const message of [
        'GET /health: expected application/json, not "text/html"; got 200 <p>Welcome!</p>',
        'GET /version: expected application/json, not "text/html"',
        "GET /: the page has no <h1>",
        'GET /: expected application/json, not "text/html"',
        "GET /gantry-verify-unknown-path: expected status 404; got 200",
      ]) {
        assert.ok(stdout.includes(message), `${message}\nis not in:\n${stdout}`);
      }
      assert.match(stdout, /\n0 passed, 5 failed, 0 skipped\n$/);
    });

    it("fails when nothing listens, with the reason", async () => {
      const url = await serveApp();
      const server = servers.pop();
      server?.close();
      const { code, stdout } = await verify([url]);
      assert.equal(code, 1);
      assert.match(stdout, /attempt 1: GET \/health: fetch failed: .*ECONNREFUSED/);
    });

    it("stops retrying at the timeout", async () => {
      const url = await serveApp({ "/health": { GET: () => json(503, { status: "draining" }) } });
      const { code, stdout } = await verify([url], { VERIFY_TIMEOUT_SECONDS: "0.2" });
      assert.equal(code, 1);
      assert.match(
        stdout,
        /FAIL {2}health is ok \(\d+ attempts?, [\d.]+ s\)\n {6}attempts? 1.*: GET \/health: /,
      );
      assert.match(stdout, /\n3 passed, 1 failed, 1 skipped\n$/);
    });
  });

  describe("used wrongly", () => {
    const table: [string, string[], Variables, RegExp][] = [
      ["there is no URL", [], {}, /^verify: there is no URL\n\nUsage: /],
      ["the URL is none", ["localhost"], {}, /"localhost" is not an http or https URL/],
      ["the URL is a file", ["file:///etc"], {}, /"file:\/\/\/etc" is not an http or https URL/],
      ["there are two", ["http://a", "http://b"], {}, /expected one URL, got 2 arguments/],
      ["it has a password", ["http://a:secret@b"], {}, /must not carry a user name or password/],
      [
        "the commit is none",
        ["http://a"],
        { EXPECTED_COMMIT: "main" },
        /EXPECTED_COMMIT is "main"/,
      ],
      [
        "the timeout is no number",
        ["http://a"],
        { VERIFY_TIMEOUT_SECONDS: "1m" },
        /VERIFY_TIMEOUT_SECONDS is "1m", must be seconds from 0 to 3600 \(default 20\)/,
      ],
    ];
    for (const [name, args, variables, message] of table) {
      it(`fails when ${name}`, async () => {
        const { code, stderr } = await verify(args, variables);
        assert.equal(code, 2);
        assert.match(stderr, message);
        assert.ok(!stderr.includes("secret"));
      });
    }
  });
});
