import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPointer, writePointer } from "../../delivery/pointer";
import { emptyPreview, up } from "../../rehearsal/update";
import type { StackConfig } from "../../rehearsal/stackFile";
import { StackBench } from "./delivery/stackBench";
import { buildOnEachOther, log } from "./support";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };
const jobs = { kind: "worker", build: "app" };
const closed = { "gantry:loadBalancer": { allowedCidrs: ["10.0.0.0/8"] } };

describe("gantry preview on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;

  before(async () => {
    bench = await StackBench.start(
      { web, jobs },
      { config: { ...closed, "gantry:protection": true } },
    );
  });

  after(() => bench?.stop());

  /** Previews the stack with other config than it was brought up with. */
  async function preview(config: StackConfig, ...args: readonly string[]) {
    await bench.stack({
      ...closed,
      "gantry:protection": true,
      "gantry:services": { web, jobs },
      ...config,
    });
    return bench.gantry(["preview", ...args]);
  }

  it("finds nothing to do with the release that runs, and changes nothing", async () => {
    const one = await bench.release(1);
    const { web: image } = one.images;
    const jobsImage = { ...image, uri: image.uri.replace(/web$/, "jobs") };
    const release = { ...one, images: { web: image, jobs: jobsImage } };
    await writePointer(bench.clients.ssm, bench.names, release);
    await up(await bench.stack(), log);
    const { code, stdout, stderr } = await preview({});
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "staging: no changes\n");
    assert.equal((await readPointer(bench.clients.ssm, bench.names))?.id, release.id);
  });

  it("tells a larger memory, old and new, and that images stay", async () => {
    const { stdout, stderr } = await preview({
      "gantry:services": {
        web: { ...web, memoryMiB: 1024, environment: { LEVEL: "debug" } },
        jobs,
      },
    });
    assert.match(stdout, /^staging: 1 changed, 1 replaced\n/, stderr);
    assert.match(stdout, /\n {4}memory: 512 → 1024 \(replaces it\)\n/);
    assert.match(stdout, /\n {4}app\.environment\.LEVEL: none → set/);
    assert.doesNotMatch(stdout, /debug/);
    for (const part of ["Rights", "Exposure", "Images"]) {
      assert.match(stdout, new RegExp(`\\n${part}: unchanged\\n`));
    }
  });

  it("tells another port", async () => {
    const { stdout, stderr } = await preview({
      "gantry:services": { web: { ...web, port: 4000 }, jobs },
    });
    assert.match(stdout, /aws:ecs:TaskDefinition gantry--staging--web-task/, stderr);
    assert.match(stdout, /\n {4}app\.portMappings\[app\]\.containerPort: 3000 → 4000/);
  });

  it("tells a service that is removed: what ends, and whose rights go; its images stay in AWS", async () => {
    const { stdout, stderr } = await preview({ "gantry:services": { web } });
    assert.match(
      stdout,
      /^staging: \d+ changed, \d+ deleted; rights, exposure, images change ⚠\n/,
      stderr,
    );
    assert.match(stdout, /⚠ gantry--staging--jobs-service is deleted: its tasks stop\n/);
    assert.match(stdout, /⚠ .* is deleted: its logs are lost\n/);
    assert.doesNotMatch(stdout, /its images are lost/);
    assert.doesNotMatch(stdout, /gantry:index:/, "what only groups others");
    assert.match(stdout, /aws:ecr:Repository \S+, from the state alone: it stays in AWS\n/);
    assert.match(
      stdout,
      /removed: .* may .*ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on .*jobs/,
    );
  });

  it("tells what becomes of services that are renamed", async () => {
    const { stdout, stderr } = await preview({ "gantry:services": { site: web, mailer: jobs } });
    const runs =
      "runs what its bootstrap says, a placeholder by default, until a release has an image of it";
    for (const line of [
      "web goes and site comes with its route, as after a rename: for AWS it is another service",
      `site ${runs}: once healthy, that answers the requests for web`,
      "jobs goes and mailer comes with the same settings, as after a rename: for AWS it is another service",
      `mailer ${runs}: a placeholder does nothing of the work of jobs`,
      "have no image of mailer; its logs are lost; its images stay in AWS, in a repository of nobody",
    ]) {
      assert.ok(stdout.includes(line), `${line}\n${stdout}\n${stderr}`);
    }
  });

  it("tells who may do what on what, where a permission is added", async () => {
    const permissions = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-files/*"] }];
    const { stdout, stderr } = await preview({
      "gantry:services": { web: { ...web, permissions }, jobs },
    });
    assert.match(
      stdout,
      /\n {2}added: \S*web-taskRole\S* may s3:GetObject on arn:aws:s3:::acme-files\/\*\n/,
      stderr,
    );
  });

  it("warns of a load balancer that opens to everyone, in a comment", async () => {
    const file = join(bench.target.folder, "preview.md");
    const { code, stdout, stderr } = await preview(
      { "gantry:loadBalancer": { allowedCidrs: ["0.0.0.0/0"] } },
      ...["--markdown", "--output", file],
    );
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "" }, stderr);
    const comment = readFileSync(file, "utf8");
    assert.match(comment, /^\*\*`staging`\*\*: .*exposure change ⚠\n/);
    assert.match(
      comment,
      /\n- ⚠ opened: everyone \(`0\.0\.0\.0\/0`\) may connect on `tcp 80` \(`[^`]+`\)\n/,
    );
    assert.match(comment, /\n- closed: `10\.0\.0\.0\/8` may connect on `tcp 80` /);
  });

  it("tells that a protected thing would go, and fails", async () => {
    const { code, stdout } = await preview({ "gantry:services": { jobs } }, "--markdown");
    assert.equal(code, 1);
    assert.match(stdout, /^\*\*`staging`\*\*: the preview failed ✗\n\n```\n[^]*protect/);
  });

  it("leaves the stack as it is", async () => {
    await preview({});
    await emptyPreview(await bench.stack(), log);
  });
});
