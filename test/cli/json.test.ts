import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { aProject, gantry, stackFile } from "./support";

describe("--json", () => {
  const project = aProject();
  let server: Server;
  const { env } = process;

  before(async () => {
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    // A ledger in which nothing is.
    server = createServer((request, answer) => {
      request.resume().on("end", () => answer.end('{"Items":[],"Count":0}'));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    process.env = {
      ...env,
      ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" },
      AWS_SECRET_ACCESS_KEY: "secret",
    };
  });

  after(() => {
    process.env = env;
    server.close();
    project.remove();
  });

  for (const [name, wanted] of [
    ["history", { version: 1, stack: "staging", deployments: [] }],
    ["metrics", { version: 1, stack: "staging" }],
  ] as const) {
    it(`of ${name} is an object that begins with its version, and alone on the standard output`, async () => {
      const { code, stdout, stderr } = await gantry([
        ...[name, "staging", "--json", "--folder", project.folder],
      ]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^\{\n {2}"version": 1,\n/);
      const answer = JSON.parse(stdout) as object;
      assert.deepEqual({ ...answer, ...wanted }, answer);
    });
  }
});
