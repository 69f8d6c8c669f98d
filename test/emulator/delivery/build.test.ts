import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withRegistry } from "../../../delivery/images/registry";
import { commit, missingTools, startImageBench, type ImageBench } from "./imageBench";

const tag = commit.slice(0, 8);
const repository = "shop-staging/web";

/** `gantry build` with buildah and skopeo, into the emulator's registry. */
describe("gantry build", function () {
  this.timeout(300_000);
  let bench: ImageBench;

  before(function () {
    const missing = missingTools();
    if (missing === undefined) return;
    console.log(`      skipped: ${missing}`);
    this.skip();
  });

  beforeEach(async () => {
    bench = await startImageBench();
  });

  afterEach(() => bench.stop());

  const build = (env?: NodeJS.ProcessEnv, ...more: string[]) =>
    bench.gantry(["build", "--stack", "staging", "--service", "web", ...more], env);

  function configure(web: string): void {
    bench.lay(
      "Pulumi.staging.yaml",
      `config:\n  aws:region: eu-west-1\n  gantry:services:\n    web: ${web}\n`,
    );
  }

  it("pushes an image that the registry has under both tags, and prints its name alone", async () => {
    configure("{ path: app, test: echo fine }");
    const output = join(bench.folder, "out");
    const { code, stdout, stderr } = await build({}, "--output", output);
    assert.equal(code, 0, stderr);
    const images = await bench.images(repository);
    assert.equal(stdout, `${tag}@${images[tag]}\n`);
    assert.equal(readFileSync(join(output, "image"), "utf8"), stdout);
    assert.match(readFileSync(join(output, "tests"), "utf8"), /^passed in /);
    const content = Object.keys(images).filter((name) => name !== tag);
    assert.match(content.join(), /^src-[0-9a-f]{16}$/);
    assert.equal(images[content[0]], images[tag]);
    assert.match(stderr, /scan: no findings/);
  });

  it("leaves no credentials behind", async () => {
    const logins = () => readdirSync(tmpdir()).filter((name) => name.startsWith("gantry-login-"));
    const before = new Set(logins());
    assert.equal((await build()).code, 0);
    assert.deepEqual(
      logins().filter((name) => !before.has(name)),
      [],
    );
  });

  it("takes what is there, for the commit and for the content", async () => {
    const first = await build();
    const second = await build();
    assert.equal(second.stdout, first.stdout);
    assert.match(second.stderr, /is there already; nothing is built/);
    const third = await build({ GANTRY_COMMIT: "4a0d3b2c11111111111111111111111111111111" });
    assert.equal(third.stdout, first.stdout);
    assert.match(third.stderr, /the same content was built as 3f9c2a1b/);
  });

  it("makes the same image twice of the same commit", async () => {
    const git = (...args: string[]) =>
      spawnSync("git", ["-C", bench.folder, "-c", "user.name=A", "-c", "user.email=a@b", ...args]);
    git("init", "--quiet");
    git("add", "app");
    git("commit", "--quiet", "--message", "first");
    const first = await build({ GANTRY_COMMIT: "" });
    assert.equal(first.code, 0, first.stderr);
    // Another machine: no layers from before, and another registry.
    await bench.emulator.reset();
    const other = await startImageBench();
    try {
      const head = spawnSync("git", ["-C", bench.folder, "rev-parse", "HEAD"], {
        encoding: "utf8",
      });
      spawnSync("cp", ["-r", join(bench.folder, ".git"), other.folder]);
      const again = await other.gantry(["build", "--stack", "staging", "--service", "web"], {
        GANTRY_COMMIT: head.stdout.trim(),
      });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(again.stdout, first.stdout);
    } finally {
      await other.stop();
    }
  });

  it("tells skopeo's registry the digest and the architecture", async () => {
    await build();
    const { imageDigest, uri } = await described();
    const env = {
      ...process.env,
      CONTAINERS_REGISTRIES_CONF: join(bench.folder, "registries.conf"),
    };
    const found = await withRegistry(
      bench.ecr,
      (registry) => registry.inspect(`${uri}@${imageDigest}`),
      env,
    );
    assert.deepEqual(found, {
      digest: imageDigest,
      architecture: "X86_64",
      architectures: ["X86_64"],
      os: "linux",
    });
    await assert.rejects(
      withRegistry(bench.ecr, (registry) => registry.inspect(`${uri}:nothing`), env),
      { name: "DeliveryError" },
    );
  });

  async function described(): Promise<{ imageDigest: string; uri: string }> {
    const uri = `127.0.0.1:${bench.emulator.port}/123456789012/eu-west-1/${repository}`;
    return { imageDigest: (await bench.images(repository))[tag], uri };
  }

  it("survives a push that is killed: the next attempt succeeds", async () => {
    bench.lay("app/hello", "hello\n".repeat(4_000_000));
    const bin = join(bench.folder, "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "buildah"),
      `#!/bin/sh
real=$(PATH=\${PATH#*:} command -v buildah)
if [ "$1" = push ] && [ ! -e "${bench.folder}/killed" ]; then
  touch "${bench.folder}/killed"
  exec timeout -s KILL 0.1 "$real" "$@"
fi
exec "$real" "$@"
`,
    );
    chmodSync(join(bin, "buildah"), 0o755);
    const { code, stdout, stderr } = await build({ PATH: `${bin}:${process.env.PATH}` });
    assert.equal(code, 0, stderr);
    assert.ok(existsSync(join(bench.folder, "killed")));
    assert.match(stderr, /buildah push .*; once more in 2 s/);
    assert.equal(stdout, `${tag}@${(await bench.images(repository))[tag]}\n`);
  });

  describe("fails when", () => {
    async function refused(pattern: RegExp, env?: NodeJS.ProcessEnv): Promise<void> {
      const { code, stdout, stderr } = await build(env);
      assert.equal(code, 1, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /^ {4}at /m, "no stack trace");
    }

    it("the tests fail: nothing is pushed", async () => {
      configure("{ path: app, test: echo two is not three && exit 3 }");
      await refused(/the tests of web failed .*exit code 3\n {2}two is not three/);
      assert.deepEqual(await bench.images(repository), {});
    });

    it("the build fails: nothing is pushed, and what the builder said is shown", async () => {
      bench.lay("app/Dockerfile", "FROM scratch\nCOPY nowhere /\n");
      await refused(/building .* failed: buildah build ended with exit code[^]*nowhere/);
      assert.deepEqual(await bench.images(repository), {});
    });

    it("the scan finds what the policy stops", async () => {
      assert.equal((await build()).code, 0);
      await bench.emulator.control("ecr/scan-findings", {
        repository,
        imageTag: tag,
        severities: { CRITICAL: 1 },
        findings: [{ name: "CVE-2026-1", severity: "CRITICAL", uri: "https://example.com/1" }],
      });
      await refused(/is not released: its scan found 1 critical[^]*CRITICAL CVE-2026-1 https:/);
    });
  });
});
