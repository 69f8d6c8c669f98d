import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { CreateBucketCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import type { Release } from "../../../contract/manifest";
import { keepInstallation } from "../../../delivery/installation/keep";
import { InstallationStore } from "../../../delivery/installation/store";
import { copyRepository } from "../../../rehearsal/runner/repository";
import { project } from "../clone";
import { buildOnEachOther, log } from "../support";
import { verificationOf } from "./support";
import { StackBench, type Finished } from "./stackBench";

/** A port of this machine at which nothing listens: whoever asks there is refused at once. */
const refused = "http://127.0.0.1:1";
const bucket = "acme-artifacts";
const url = `s3://${bucket}/installations`;

describe("what a release has kept to run Pulumi, on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let work: string;
  let source: string;
  let releases: Release[];
  let kept: Awaited<ReturnType<typeof keepInstallation>>;

  before(async () => {
    work = mkdtempSync(join(tmpdir(), "gantry-kept-"));
    source = join(work, "source");
    bench = await StackBench.start({ web: { build: "app" } });
    await copyRepository(project, source, {
      "Pulumi.staging.yaml": bench.bench.workspace.stackFile("staging"),
    });
    releases = [await bench.release(1), await bench.release(2)];
    await bench.clients.s3.send(new CreateBucketCommand({ Bucket: bucket, ...inRegion() }));
  });

  after(async () => {
    await bench?.stop();
    if (work) rmSync(work, { recursive: true, force: true });
  });

  const inRegion = () => ({
    CreateBucketConfiguration: { LocationConstraint: "eu-west-1" as const },
  });

  /** An action of its own: the source as it was committed, an empty home folder, no Pulumi, and no way to npm or to Pulumi. */
  async function act(release: Release, ...args: string[]): Promise<Finished> {
    const folder = mkdtempSync(join(work, "action-"));
    cpSync(source, folder, { recursive: true });
    const file = (name: string, content: object) => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const evidence = { release: release.id, commit: release.commit, installation: kept };
    const artifact = mkdtempSync(join(work, "artifact-"));
    writeFileSync(join(artifact, "release.json"), JSON.stringify(release));
    writeFileSync(join(artifact, "evidence.json"), JSON.stringify(evidence));
    const verification = file("verification.json", verificationOf(release, false));
    const more = args[0] === "conclude" ? ["--verification", verification] : [];
    const finished = await bench.gantry([...args, ...more, "--folder", folder], {
      owner: `execution-${release.id}`,
      env: { ...withoutPulumi(folder), CODEBUILD_SRC_DIR_Release: artifact },
    });
    rmSync(folder, { recursive: true, force: true });
    return finished;
  }

  function withoutPulumi(folder: string): Record<string, string> {
    const { PATH = "" } = bench.env;
    const places = PATH.split(delimiter).filter((place) => !existsSync(join(place, "pulumi")));
    return {
      PATH: places.join(delimiter),
      PULUMI_HOME: join(folder, ".pulumi-home"),
      GANTRY_INSTALLATIONS: url,
      npm_config_registry: refused,
      npm_config_cache: join(folder, ".npm"),
      npm_config_fetch_retries: "0",
      ...{ HTTPS_PROXY: refused, HTTP_PROXY: refused, https_proxy: refused, http_proxy: refused },
      ...{ NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" },
    };
  }

  const running = async () => (await bench.running()).digest;

  it("is made once, of the commit's lock file and of the engine that is there", async () => {
    const keep = () =>
      keepInstallation({
        ...{ folder: source, root: source, commit: releases[0].commit },
        store: new InstallationStore(bench.clients.s3, url),
        progress: log,
        env: { ...process.env, ...bench.bench.workspace.env },
      });
    kept = await keep();
    assert.deepEqual(await keep(), kept);
    assert.ok(kept.packages.bytes > 10_000_000, "the packages");
    assert.ok(kept.pulumi.bytes > 10_000_000, "the CLI and the plugin");
  });

  it("deploys where neither the npm registry nor Pulumi's site answers (row 46)", async () => {
    const [first, second] = releases;
    for (const release of [first, second]) {
      const { code, stderr } = await act(release, "deploy", "--install");
      assert.equal(code, 0, stderr);
      assert.match(stderr, /Pulumi are there, as the release has kept them \(\d+ MB\)/);
      assert.equal(await running(), release.images.web.digest);
    }
  });

  it("rolls back where neither answers (row 46)", async () => {
    const [first, second] = releases;
    const { code, stderr } = await act(second, "conclude", "--install");
    assert.equal(code, 1);
    assert.match(stderr, /as the release has kept them/);
    assert.match(stderr, new RegExp(`Rolled back: ${first.id} runs`));
    assert.equal(await running(), first.images.web.digest);
  });

  it("is asked of both where it is gone, which is said, and changes nothing where they do not answer (row 46)", async () => {
    const [first, second] = releases;
    const Key = `installations/${kept.packages.sha256}.tar.gz`;
    await bench.clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    const { code, stderr } = await act(second, "deploy", "--install");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /installations\/\w+\.tar\.gz cannot be had.*from the npm registry instead/,
    );
    assert.match(stderr, /npm ci failed, and nothing was changed/);
    assert.equal(await running(), first.images.web.digest);
    assert.equal((await bench.ledger.recent()).lock, undefined);
  });
});
