import assert from "node:assert/strict";
import { platform } from "node:os";
import { makeBaseImage } from "../../local/rehearsal/baseImage";
import { findImageTools, type ImageTools } from "../../local/rehearsal/images";
import { OciClient, parseReference, type Manifest } from "../../local/rehearsal/ociClient";
import { ImageBench } from "../local/rehearsal/imageBench";

/** Without a builder: test/local/rehearsal/images.test.ts. */
describe("images of a rehearsal with this machine's builder", () => {
  let bench: ImageBench;
  let tools: ImageTools;

  before(async function () {
    if (platform() !== "linux") return this.skip();
    bench = await ImageBench.start();
    const folder = bench.account.folders.make();
    tools = await findImageTools({
      ...bench.account,
      folder,
      log: (line) => bench.lines.push(line),
    });
    if (tools.builder === "simulated") this.skip();
  });

  after(() => bench?.account.stop());

  it("are built on this machine's node, pushed, and run as the service says", async () => {
    const base = await makeBaseImage(bench.account.connection, tools);
    assert.ok(base);
    assert.match(base.reference, /\/mirror\/node:\d+\.\d+\.\d+$/);
    const digest = await bench.buildAndPush(bench.environment(tools), "1a2b3c4d", base.reference);
    const { config } = JSON.parse(
      (await new OciClient().manifest(parseReference(`${bench.uri}@${digest}`))).text,
    ) as Manifest;
    assert.ok(config, "the registry has it under its digest");
    await bench.service("shop-staging-web", `${bench.uri}@${digest}`);
    assert.deepEqual(await bench.serves(tools, "shop-staging-web"), {
      commit: "1a2b3c4d",
      level: "debug",
      folder: "/app",
    });
  });

  it("make the base image twice alike", async () => {
    const first = await makeBaseImage(bench.account.connection, tools);
    assert.equal((await makeBaseImage(bench.account.connection, tools))?.digest, first?.digest);
  });

  it("fails when the service's image is not there, with the reason", async () => {
    await bench.service("shop-staging-none", `${bench.uri}:none`);
    await assert.rejects(bench.serves(tools, "shop-staging-none"), /pulling .*:none failed/);
  });
});
