import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeliveryError } from "../../delivery/errors";
import { putInProject, readTarget } from "../../delivery/target";

describe("readTarget", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-target-"));
    lay("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    lay("Pulumi.staging.yaml", "config:\n  aws:region: eu-west-1\n");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function lay(name: string, content: string): void {
    writeFileSync(join(folder, name), content);
  }

  async function refusal(stack = "staging"): Promise<DeliveryError> {
    let refused: unknown;
    await readTarget(folder, stack, {}).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  it("reads project, region and config, as the program does", async () => {
    lay(
      "Pulumi.staging.yaml",
      "config:\n  aws:region: us-east-1\n  gantry:name: store\n  gantry:services:\n    web: { build: app }\n",
    );
    const { project, region, config, names } = await readTarget(folder, "staging");
    assert.deepEqual(
      { project, region, build: config.services.web.build?.context, prefix: names.prefix },
      { project: "shop", region: "us-east-1", build: "app", prefix: "store--staging" },
    );
  });

  it("takes the region of the environment where the stack names none", async () => {
    lay("Pulumi.staging.yaml", "config:\n  gantry:services:\n    web: { build: app }\n");
    const { region } = await readTarget(folder, "staging", { AWS_DEFAULT_REGION: "eu-north-1" });
    assert.equal(region, "eu-north-1");
  });

  describe("of a build that was handed the stack's file from a bucket", () => {
    let handed: string;
    const file = (cpu: number) =>
      `config:\n  aws:region: eu-west-1\n  gantry:services:\n    web: { build: app, cpu: ${cpu} }\n`;

    beforeEach(() => {
      handed = mkdtempSync(join(tmpdir(), "gantry-config-"));
      rmSync(join(folder, "Pulumi.staging.yaml"));
      writeFileSync(join(handed, "Pulumi.staging.yaml"), file(512));
    });

    afterEach(() => rmSync(handed, { recursive: true, force: true }));

    const read = () => readTarget(folder, "staging", { CODEBUILD_SRC_DIR_Config: handed });

    it("reads it there, and leaves the source as it is", async () => {
      assert.equal((await read()).config.services.web.cpu, 512);
      assert.ok(!existsSync(join(folder, "Pulumi.staging.yaml")));
    });

    it("takes the same file in the source for no other", async () => {
      lay("Pulumi.staging.yaml", file(512));
      assert.equal((await read()).config.services.web.cpu, 512);
    });

    it("refuses another one in the source: nobody knows which is meant", async () => {
      lay("Pulumi.staging.yaml", file(256));
      await assert.rejects(
        read(),
        /source has Pulumi\.staging\.yaml, and the bucket .* another one/,
      );
    });

    it("reads it beside an old one of a release that was promoted, and says so", async () => {
      const promoted = `${file(512)}  gantry:pipeline: { promoteFrom: { stack: production } }\n`;
      writeFileSync(join(handed, "Pulumi.staging.yaml"), promoted);
      lay("Pulumi.staging.yaml", file(256));
      const { stderr } = process;
      const write = stderr.write.bind(stderr);
      let told = "";
      stderr.write = (chunk: string | Uint8Array) => ((told += String(chunk)), true);
      const found = await read().finally(() => Object.assign(stderr, { write }));
      assert.equal(found.config.services.web.cpu, 512);
      assert.match(told, /^Pulumi\.staging\.yaml is that of the bucket: .* does not count$/m);
    });

    it("refuses another one where commits enter, saying how it leaves git", async () => {
      const source = "{ type: s3, bucket: acme-source, key: source.zip }";
      const entered = `${file(512)}  gantry:pipeline: { source: ${source} }\n`;
      writeFileSync(join(handed, "Pulumi.staging.yaml"), entered);
      lay("Pulumi.staging.yaml", file(256));
      await assert.rejects(read(), /git rm --cached Pulumi\.staging\.yaml/);
    });

    it("takes no other stack's for it, and none of the source", async () => {
      renameSync(join(handed, "Pulumi.staging.yaml"), join(handed, "Pulumi.production.yaml"));
      await assert.rejects(read(), /no stack staging in .*: it has production/);
      lay("Pulumi.staging.yaml", file(256));
      await assert.rejects(read(), /no Pulumi\.staging\.yaml in the object of staging/);
    });

    it("is put where Pulumi looks for it, for Pulumi", async () => {
      const { env } = process;
      process.env = { ...env, CODEBUILD_SRC_DIR_Config: handed };
      try {
        await putInProject({ folder, stack: "staging" });
      } finally {
        process.env = env;
      }
      assert.equal(readFileSync(join(folder, "Pulumi.staging.yaml"), "utf8"), file(512));
    });
  });

  describe("fails when", () => {
    it("the folder has no program, saying how to name another", async () => {
      rmSync(join(folder, "Pulumi.yaml"));
      assert.match((await refusal()).message, /no Pulumi\.yaml in .*--folder <folder>/);
    });

    it("there is no such stack, naming those that there are", async () => {
      assert.match((await refusal("stagign")).message, /it has staging\. Is staging meant\?/);
      rmSync(join(folder, "Pulumi.staging.yaml"));
      assert.match((await refusal()).message, /it has none \(a stack has a file Pulumi\.<stack>/);
    });

    it("no region is known", async () => {
      lay("Pulumi.staging.yaml", "config:\n");
      assert.match((await refusal()).message, /set aws:region in Pulumi\.staging\.yaml, or AWS_/);
    });

    it("the project has no name", async () => {
      lay("Pulumi.yaml", "runtime: nodejs\n");
      assert.match((await refusal()).message, /names no project: give it a name/);
    });

    it("a file is no YAML, or holds no settings", async () => {
      lay("Pulumi.staging.yaml", "config:\n  a: [\n");
      const { message, details } = await refusal();
      assert.match(message, /Pulumi\.staging\.yaml cannot be read: correct/);
      assert.match(details[0], /at line 3, column 1/);
      lay("Pulumi.staging.yaml", "hello\n");
      assert.match((await refusal()).message, /holds no settings/);
    });
  });
});
