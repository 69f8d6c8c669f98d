import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { aProject, stackFile } from "./support";

const program = resolve(__dirname, "..", "..", "cli", "gantry.js");

describe("a command that is interrupted while it waits", () => {
  /** @returns what it has said, and what ended it. */
  async function interrupted(signal: NodeJS.Signals, args: readonly string[]) {
    const project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    // Whoever asks waits for an answer.
    const asked = new Promise<void>((done) => {
      server.on("connection", (socket) => {
        socket.on("error", () => undefined).resume();
        done();
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const asks = `require("net").connect(${port}, "127.0.0.1").end(); setTimeout(() => {}, 5000)`;
    chmodSync(
      project.lay("bin/pulumi", `#!/bin/sh\nexec "${process.execPath}" -e '${asks}'\n`),
      0o755,
    );
    const child = spawn(
      process.execPath,
      [program, ...args, "--stack", "staging", "--folder", join(project.folder)],
      {
        stdio: ["ignore", "ignore", "pipe"],
        env: {
          ...process.env,
          ...{ AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" },
          AWS_SECRET_ACCESS_KEY: "secret",
          PATH: `${join(project.folder, "bin")}:${process.env.PATH}`,
        },
      },
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const ended = new Promise((done) => child.once("close", (_, by) => done(by)));
    await Promise.race([asked, ended]);
    child.kill(signal);
    const by = await ended;
    project.remove();
    return { by, stderr };
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`by ${signal} says that it is not over, and ends`, async () => {
      const { by, stderr } = await interrupted(signal, ["sleep", "--yes"]);
      assert.equal(by, signal, stderr);
      assert.match(
        stderr,
        new RegExp(
          `^interrupted \\(${signal}\\): what this was doing is not over\\. Run it again, .*gantry status --stack staging`,
          "m",
        ),
      );
    }).timeout(120_000);
  }

  for (const [what, args] of [
    ["it changes nothing", ["preview"]],
    ["it has changed nothing yet", ["rollback", "--yes"]],
  ] as const) {
    it(`says nothing of the kind where ${what}`, async () => {
      const { by, stderr } = await interrupted("SIGINT", args);
      assert.deepEqual({ by, stderr }, { by: "SIGINT", stderr: "" });
    }).timeout(120_000);
  }

  let server: ReturnType<typeof createServer>;
  beforeEach(() => (server = createServer()));
  afterEach((done) => void server.close(() => done()));
});
