import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { findBuilder } from "../../delivery/images/builder";
import { withRegistryLogin } from "../../delivery/images/login";
import { findImageTools, type ImageTools } from "../../rehearsal/runner/images";
import { makeStandIn } from "../../rehearsal/runner/baseImage";
import { ImageBench } from "../rehearsal/runner/imageBench";
import type { DockerEngine } from "../support/dockerEngine";
import { assertNowhereIn } from "./blobs";
import { builders } from "./builders";

const simulated = "a stand-in";

/** A value that is mounted while building is nowhere afterwards, and is nowhere to be read meanwhile. */
for (const { title, start } of [...builders, { title: simulated, start: undefined }]) {
  describe(`a secret that is mounted in a build by ${title}`, () => {
    let bench: ImageBench;
    let tools: ImageTools;
    let env: NodeJS.ProcessEnv;
    let engine: DockerEngine | undefined;

    before(async function () {
      const started = await start?.();
      if (typeof started === "string") {
        console.log(`      skipped: ${started}`);
        return this.skip();
      }
      engine = started?.engine;
      bench = await ImageBench.start();
      if (started === undefined) {
        const made = await bench.simulated();
        tools = made.tools;
        env = bench.environment(tools, made.env);
        return;
      }
      const log = (line: string) => void bench.lines.push(line);
      const folder = bench.account.folders.make();
      tools = await findImageTools({ ...bench.account, folder, log, env: started.env });
      env = bench.environment(tools);
    });

    after(async () => {
      bench?.account.stop();
      await engine?.stop();
    });

    it("is in the build, and in no layer, configuration, manifest, argument or output", async function () {
      const value = `s3cr3t-${randomBytes(12).toString("hex")}`;
      const context = bench.account.folders.make();
      const { reference, output, seen } = await build(context, value).catch((error: unknown) => {
        if (title !== "docker without buildx") throw error;
        assert.match(String(error), /mounts no secret \(build\.secrets\.NPM_TOKEN\)/);
        return this.skip();
      });
      assert.match(output, /token: \*\*\*/, "what the build prints of it is masked");
      assert.ok(!output.includes(value));
      assert.deepEqual(seen, []);
      const { history } = await assertNowhereIn(reference, value);
      assert.ok(history, "which would show it");
    });

    async function build(context: string, value: string) {
      const digest = createHash("sha256").update(value).digest("hex");
      const base =
        title === simulated
          ? "node:22"
          : (await makeStandIn({ runtime: "node", system: "busybox" }, tools)).reference;
      const script = `const v = require("fs").readFileSync("/run/secrets/NPM_TOKEN", "utf8");
if (require("crypto").createHash("sha256").update(v).digest("hex") !== "${digest}") process.exit(3);
console.log("token: " + v); setTimeout(() => undefined, 1500);`;
      writeFileSync(join(context, "check.js"), script);
      const dockerfile = join(context, "Dockerfile");
      writeFileSync(
        dockerfile,
        `FROM ${base}\nCOPY check.js /check.js\n` +
          "RUN --mount=type=secret,id=NPM_TOKEN node /check.js\n" +
          'RUN test ! -s /run/secrets/NPM_TOKEN\nCMD ["node", "/check.js"]\n',
      );
      const reference = `${bench.uri}:${digest.slice(0, 8)}`;
      const platform = arch() === "arm64" ? "linux/arm64" : "linux/amd64";
      let output = "";
      const seen = new Set<string>();
      const watch = setInterval(() => argumentsWith(value).forEach((one) => seen.add(one)), 100);
      try {
        const access = {
          ecr: new ECRClient(bench.account.connection.root),
          repositories: [bench.uri],
        };
        await withRegistryLogin(
          [access],
          async (own) => {
            const onOutput = (chunk: string) => void (output += chunk);
            const builder = await findBuilder({ env: own, onOutput });
            const secrets = { NPM_TOKEN: value };
            const request = { context, dockerfile, buildArgs: {}, secrets, platform, reference };
            await builder.build(request);
            await builder.push(reference);
          },
          env,
        );
      } finally {
        clearInterval(watch);
      }
      return { reference, output, seen: [...seen] };
    }
  });
}

/** Command lines of all processes in which a text stands. */
function argumentsWith(value: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const line = readFileSync(`/proc/${id}/cmdline`, "utf8");
        return line.includes(value) ? [line] : [];
      } catch {
        return [];
      }
    });
}
