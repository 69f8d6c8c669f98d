import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DeliveryError } from "../../../delivery/errors";
import { findBuilder, type BuilderName } from "../../../delivery/images/builder";

describe("how builders are told what to build", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-options-"));
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch AS runtime\n");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** The words that a builder is called with, by a program in its place that notes them and fails at `fails`. */
  async function build(
    name: BuilderName,
    fails = "nothing",
    secrets?: Record<string, string>,
  ): Promise<string[]> {
    const calls = join(folder, "calls");
    const script = `#!/bin/sh\ncase "$*" in ${fails}) exit 1;; *build*) printf '%s\\n' "$@" > ${calls}; env > ${calls}.env;; esac\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
    const env = { PATH: [folder, process.env.PATH].join(delimiter), GANTRY_BUILDER: name };
    const builder = await findBuilder({ env, onOutput: () => undefined });
    await builder.build({
      ...{ context: folder, dockerfile: join(folder, "Dockerfile"), target: "runtime" },
      ...{ buildArgs: { EDITION: "full" }, secrets, platform: "linux/amd64" },
      ...{ reference: "registry.example.com/shop/web:1", sourceDateEpoch: 1_700_000_000 },
    });
    return readFileSync(calls, "utf8").trim().split("\n");
  }

  const after = (words: readonly string[], option: string) => words[words.indexOf(option) + 1];

  for (const name of ["docker", "podman", "buildah"] as const) {
    it(`${name}: the Dockerfile, its stage and arguments, and the context last`, async () => {
      const words = await build(name);
      assert.equal(after(words, "--file"), join(folder, "Dockerfile"));
      assert.equal(after(words, "--target"), "runtime");
      assert.equal(after(words, "--build-arg"), "EDITION=full");
      assert.equal(words.at(-1), folder);
      assert.equal(words.includes("--ignorefile"), false);
    });
  }

  it("docker: no time of the commit, with which BuildKit would stamp the folder of each WORKDIR", async () => {
    await build("docker");
    assert.doesNotMatch(readFileSync(join(folder, "calls.env"), "utf8"), /1700000000/);
    assert.equal(after(await build("buildah"), "--timestamp"), "1700000000");
  });

  const secrets = { NPM_TOKEN: "tr0ub4dor", "id.rsa": "line one\nline two" };
  for (const name of ["docker", "podman", "buildah"] as const) {
    it(`${name}: secrets by their ids, and their values in no word`, async () => {
      const words = await build(name, "nothing", secrets);
      const given = words.filter((_, index) => words[index - 1] === "--secret");
      assert.deepEqual(given, [
        "id=NPM_TOKEN,env=GANTRY_BUILD_SECRET_0",
        "id=id.rsa,env=GANTRY_BUILD_SECRET_1",
      ]);
      assert.doesNotMatch(words.join("\n"), /tr0ub4dor|line one/);
      const env = readFileSync(join(folder, "calls.env"), "utf8");
      assert.match(env, /^GANTRY_BUILD_SECRET_0=tr0ub4dor$/m);
      assert.match(env, /^GANTRY_BUILD_SECRET_1=line one\nline two$/m);
    });
  }

  it("docker's old builder, which mounts no secrets, is refused with what to do", async () => {
    await assert.rejects(build("docker", '"buildx version"', secrets), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(
        error.message,
        /mounts no secret \(build\.secrets\.NPM_TOKEN\): install the buildx/,
      );
      assert.doesNotMatch(error.message, /tr0ub4dor/);
      return true;
    });
  });

  describe("where an ignore file is beside the Dockerfile", () => {
    const ignoreFile = () => join(folder, "Dockerfile.dockerignore");
    beforeEach(() => writeFileSync(ignoreFile(), "*\n"));

    for (const name of ["podman", "buildah"] as const) {
      it(`${name} is told of it`, async () =>
        assert.equal(after(await build(name), "--ignorefile"), ignoreFile()));
    }

    it("docker's buildx finds it by itself", async () => {
      assert.deepEqual((await build("docker")).slice(0, 2), ["buildx", "build"]);
    });

    it("docker's old builder, which would not heed it, is refused with what to do", async () => {
      await assert.rejects(build("docker", '"buildx version"'), (error) => {
        assert.ok(error instanceof DeliveryError);
        assert.match(error.message, /does not heed .*\.dockerignore: install the buildx plugin/);
        return true;
      });
    });
  });

  it("docker's old builder builds where the ignore file is the context's", async () => {
    writeFileSync(join(folder, ".dockerignore"), "*\n");
    assert.equal((await build("docker", '"buildx version"'))[0], "build");
  });
});
