import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { aProject, stackFile } from "./support";

const program = resolve(__dirname, "..", "..", "cli", "gantry.js");

describe("a command that is interrupted while it waits", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`by ${signal} says that it is not over, and ends`, async () => {
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
      const child = spawn(
        process.execPath,
        [program, "rollback", "--stack", "staging", "--folder", join(project.folder)],
        {
          stdio: ["ignore", "ignore", "pipe"],
          env: {
            ...process.env,
            ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" },
            AWS_SECRET_ACCESS_KEY: "secret",
          },
        },
      );
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
      const ended = new Promise((done) => child.once("close", (_, by) => done(by)));
      await Promise.race([asked, ended]);
      child.kill(signal);
      assert.equal(await ended, signal, stderr);
      assert.match(
        stderr,
        new RegExp(
          `^interrupted \\(${signal}\\): what this was doing is not over\\. Run it again, .*gantry status --stack staging`,
          "m",
        ),
      );
      project.remove();
    }).timeout(120_000);
  }

  let server: ReturnType<typeof createServer>;
  beforeEach(() => (server = createServer()));
  afterEach((done) => void server.close(() => done()));
});
