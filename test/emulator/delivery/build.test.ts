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
import { join } from "node:path";
import { PutImageCommand } from "@aws-sdk/client-ecr";
import { withRegistry } from "../../../delivery/images/registry";
import { commit, stackFile, startImageBench, type Finished, type ImageBench } from "./imageBench";
import { manifestOf } from "./support";

const tag = commit.slice(0, 8);
const next = "4a0d3b2c11111111111111111111111111111111";
const repository = "shop/staging/web";

/** `gantry build` into the emulator's registry, with the builder and the registry tool that this machine has. */
describe("gantry build", function () {
  this.timeout(600_000);
  let bench: ImageBench;

  before(async () => {
    bench = await startImageBench();
  });

  beforeEach(() => bench.reset());

  after(() => bench.stop());

  const build = (env?: NodeJS.ProcessEnv, ...more: string[]) =>
    bench.gantry(["build", "--stack", "staging", "--service", "web", ...more], env);

  async function built(env?: NodeJS.ProcessEnv, ...more: string[]): Promise<Finished> {
    const finished = await build(env, ...more);
    assert.equal(finished.code, 0, finished.stderr);
    return finished;
  }

  async function refused(pattern: RegExp, env?: NodeJS.ProcessEnv): Promise<void> {
    const { code, stdout, stderr } = await build(env);
    assert.match(stderr, pattern);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /^ {4}at /m, "no stack trace");
  }

  const images = () => bench.images(repository);

  it("pushes an image under both tags, prints its name alone, and leaves no credentials", async () => {
    bench.lay("Pulumi.staging.yaml", stackFile("{ build: app, test: echo fine }"));
    const output = join(bench.folder, "out");
    const TMPDIR = join(bench.folder, "tmp");
    mkdirSync(TMPDIR);
    const { stdout, stderr } = await built({ TMPDIR }, "--output", output);
    assert.deepEqual(
      readdirSync(TMPDIR).filter((name) => name.startsWith("gantry-")),
      [],
    );
    const found = await images();
    assert.equal(stdout, `${tag}@${found[tag]}\n`);
    assert.equal(readFileSync(join(output, "image"), "utf8"), stdout);
    assert.match(readFileSync(join(output, "tests"), "utf8"), /^passed in /);
    const content = Object.keys(found).filter((name) => name !== tag);
    assert.match(content.join(), /^src-[0-9a-f]{16}$/);
    assert.equal(found[content[0]], found[tag]);
    assert.match(stderr, /scan: no findings/);
    await assertInspected(found[tag]);
  });

  it("copies the image to a service that runs it too, by its digest (row 75)", async () => {
    const jobs = "{ kind: worker, imageOf: web, command: [node, jobs.js] }";
    bench.lay("Pulumi.staging.yaml", stackFile("{ build: app }", jobs));
    const { stdout } = await built();
    const found = await images();
    assert.equal(stdout, `${tag}@${found[tag]}\n`);
    assert.deepEqual(await bench.images("shop/staging/jobs"), found);
    const { stderr } = await built({ GANTRY_COMMIT: next });
    assert.match(stderr, /jobs: shop\/staging\/jobs:3f9c2a1b is there already/);
    assert.deepEqual(await bench.images("shop/staging/jobs"), found);
  });

  it("copies an image that is built elsewhere by its digest, which stays when its tag moves (row 77)", async () => {
    await built();
    const from = `127.0.0.1:${bench.emulator.port}/123456789012/eu-west-1/${repository}`;
    const jobs = `{ kind: worker, image: "${from}:${tag}" }`;
    bench.lay("Pulumi.staging.yaml", stackFile("{ build: app }", jobs));
    const copy = (env?: NodeJS.ProcessEnv) =>
      bench.gantry(["build", "--stack", "staging", "--service", "jobs"], env);
    const first = await copy();
    assert.equal(first.code, 0, first.stderr);
    const digest = (await images())[tag];
    assert.equal(first.stdout, `${tag}@${digest}\n`);
    assert.deepEqual(await bench.images("shop/staging/jobs"), {
      ...{ [tag]: digest, [`src-${digest.slice(7, 23)}`]: digest },
    });
    const second = await copy({ GANTRY_COMMIT: next });
    assert.equal(second.stdout, first.stdout);
    bench.lay("Pulumi.staging.yaml", stackFile("{ build: app }", jobs.replace(tag, "none")));
    const third = await copy({ GANTRY_COMMIT: next });
    assert.equal(third.code, 1);
    assert.match(
      third.stderr,
      /which services\.jobs\.image names, cannot be read; nothing was copied/,
    );
  });

  /** What preflight asks the registry, through the tool that this machine has. */
  async function assertInspected(digest: string): Promise<void> {
    const uri = `127.0.0.1:${bench.emulator.port}/123456789012/eu-west-1/${repository}`;
    const inspect = (version: string) =>
      withRegistry(bench.ecr, (registry) => registry.inspect(`${uri}${version}`), bench.env);
    assert.deepEqual(await inspect(`@${digest}`), {
      digest,
      architecture: "X86_64",
      architectures: ["X86_64"],
      os: "linux",
      user: "",
      digests: { X86_64: digest },
    });
    await assert.rejects(inspect(":nothing"), { name: "DeliveryError" });
  }

  it("takes what is there for the commit and for the content, and builds what changed", async () => {
    const first = await built();
    const second = await built();
    assert.equal(second.stdout, first.stdout);
    assert.match(second.stderr, /is there already; nothing is built/);
    const third = await built({ GANTRY_COMMIT: next });
    assert.equal(third.stdout, first.stdout);
    assert.match(third.stderr, /the same content was built as 3f9c2a1b/);
    bench.lay("app/hello", "good morning\n");
    const fourth = await built({ GANTRY_COMMIT: next });
    assert.match(fourth.stdout, /^4a0d3b2c@/);
    assert.notEqual(fourth.stdout.split("@")[1], first.stdout.split("@")[1]);

    const before = await images();
    bench.lay("app/hello", "good evening\n");
    await refused(/shop\/staging\/web:3f9c2a1b is sha256:\w+, which was built from other files/);
    assert.deepEqual(await images(), before);
  });

  it("makes the same image twice of the same commit", async () => {
    const git = (...args: string[]) =>
      spawnSync("git", ["-C", bench.folder, "-c", "user.name=A", "-c", "user.email=a@b", ...args], {
        encoding: "utf8",
      }).stdout.trim();
    git("init", "--quiet");
    git("add", "app");
    git("commit", "--quiet", "--message", "first");
    const id = git("rev-parse", "HEAD");
    const moved = join(bench.folder, "../git");
    spawnSync("cp", ["-r", join(bench.folder, ".git"), moved]);
    const first = await built({ ...emptyStorage(), GANTRY_COMMIT: "" });
    // Another registry and another checkout.
    await bench.reset();
    spawnSync("mv", [moved, join(bench.folder, ".git")]);
    const again = await built({ ...emptyStorage(), GANTRY_COMMIT: id });
    assert.equal(again.stdout, first.stdout);
  });

  /** Another machine: one without layers of earlier builds. */
  function emptyStorage(): NodeJS.ProcessEnv {
    const folder = join(bench.folder, "storage");
    const place = `graphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`;
    const file = bench.lay("storage.conf", `[storage]\ndriver = "vfs"\n${place}`);
    return { CONTAINERS_STORAGE_CONF: file, STORAGE_DRIVER: "vfs" };
  }

  describe("whose push", () => {
    /** Runs before each push, as a shell script: `$real push "$@"` is the push itself, `$n` its number. */
    function atPush(script: string): NodeJS.ProcessEnv {
      const bin = join(bench.folder, "bin");
      mkdirSync(bin, { recursive: true });
      writeFileSync(
        join(bin, "buildah"),
        `#!/bin/sh
real=$(PATH=\${PATH#*:} command -v buildah)
[ "$1" = push ] || exec "$real" "$@"
echo >> "${bench.folder}/pushes"
n=$(wc -l < "${bench.folder}/pushes")
${script}
exec "$real" "$@"
`,
      );
      chmodSync(join(bin, "buildah"), 0o755);
      return { PATH: `${bin}:${bench.env.PATH}`, GANTRY_BUILDER: "buildah" };
    }

    before(function () {
      const hasBuildah = spawnSync("buildah", ["info"]).status === 0;
      if (hasBuildah || bench.simulated) return;
      console.log("      skipped: pushes are broken off with buildah, which this machine lacks");
      this.skip();
    });

    it("dies half-way leaves no tag, whoever of the two is killed; a retry succeeds", async () => {
      bench.lay("app/hello", "hello\n".repeat(4_000_000));
      // The first push takes the whole build along; the second is alone.
      const env = atPush(`case $n in
1) timeout -s KILL 0.1 "$real" "$@"; kill -KILL $PPID; exit 1 ;;
2) exec timeout -s KILL 0.1 "$real" "$@" ;;
esac`);
      const killed = await build(env);
      assert.equal(killed.code, null, killed.stderr);
      assert.equal(killed.stdout, "");
      assert.deepEqual(await images(), {});
      const { stdout, stderr } = await built(env);
      assert.match(stderr, /buildah push .*; once more in 2 s/);
      assert.equal(stdout, `${tag}@${(await images())[tag]}\n`);
      assert.equal(readFileSync(join(bench.folder, "pushes"), "utf8").length, 3);
    });

    it("finds the tag on another image by then is refused, and changes nothing", async () => {
      const running = build(
        atPush(`touch "${bench.folder}/reached"
until [ -e "${bench.folder}/go" ]; do sleep 0.1; done`),
      );
      while (!existsSync(join(bench.folder, "reached"))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { image } = await bench.ecr.send(
        new PutImageCommand({
          ...{ repositoryName: repository, imageTag: tag },
          imageManifest: manifestOf("of somebody else"),
        }),
      );
      bench.lay("go", "");
      const { code, stdout, stderr } = await running;
      const digest = image?.imageId?.imageDigest ?? "";
      assert.match(stderr, new RegExp(`:${tag} is ${digest} since this build began`));
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.deepEqual(await images(), { [tag]: digest });
    });
  });

  describe("fails when", () => {
    it("the tests fail: nothing is pushed", async () => {
      bench.lay(
        "Pulumi.staging.yaml",
        stackFile("{ build: app, test: echo two is not three && exit 3 }"),
      );
      await refused(/the tests of web failed .*exit code 3\n {2}two is not three/);
      assert.deepEqual(await images(), {});
    });

    it("the build fails: nothing is pushed, and what the builder said is shown", async function () {
      if (bench.simulated) this.skip();
      bench.lay("app/Dockerfile", "FROM scratch\nCOPY nowhere /\n");
      await refused(/building .* failed: \w+ build\w* ended with exit code[^]*nowhere/);
      assert.deepEqual(await images(), {});
    });

    it("the registry of a base image does not answer: the image is named (row 46)", async function () {
      if (bench.simulated) this.skip();
      bench.lay("app/Dockerfile", "FROM registry.example.invalid/acme/base:1\n");
      await refused(/building .* failed:[^]*registry\.example\.invalid\/acme\/base:1/);
      assert.deepEqual(await images(), {});
    });

    it("the scan finds what the policy stops: its name is not told, so nothing can deploy it", async () => {
      await built();
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
