import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { readPointer } from "../../../delivery/pointer";
import type { ActionContext } from "../../../rehearsal/runner/action";
import { connectionTo } from "../../../rehearsal/runner/connection";
import { deployToEcs } from "../../../rehearsal/runner/ecsDeploy";
import { zipFiles } from "../../../rehearsal/runner/zip";
import { emptyPreview, up } from "../../../rehearsal/update";
import type { Release } from "../../../contract/manifest";
import { buildOnEachOther, log } from "../support";
import { StackBench, type Finished } from "./stackBench";
import { configured, env, givesWayToNewer, web } from "./superseded";
import { account, verificationOf } from "./support";

describe("production on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let releases: Release[];

  before(async () => {
    bench = await StackBench.start({ web }, { stack: "production", config: configured() });
    releases = [];
    for (const build of [1, 2, 3, 4, 5, 6]) releases.push(await bench.release(build));
  });

  after(() => bench?.stop());

  const ended = (finished: Finished, code: number) =>
    assert.equal(finished.code, code, finished.stderr);
  const newest = async () => (await bench.ledger.recent()).records[0];
  const pointer = async () => (await readPointer(bench.clients.ssm, bench.names))?.id;
  const folder = (name: string) => join(bench.target.folder, name);

  async function runs(release: Release): Promise<void> {
    assert.equal((await bench.running()).digest, release.images.web.digest);
    assert.equal(await pointer(), release.id);
    assert.equal((await bench.ledger.recent()).lock, undefined);
  }

  /** Pulumi agrees that there is nothing to do. */
  const agrees = async () => emptyPreview(await bench.stack(), log);

  /** The folder of the program becomes the bundle of a release. */
  function bundle(release: Release): void {
    const { id, commit } = release;
    const history = releases
      .filter(({ createdAt }) => createdAt < release.createdAt)
      .reverse()
      .map((past) => ({ release: past.id, commit: past.commit, at: past.createdAt }));
    const evidence = {
      ...{ release: id, commit, subject: `Change "${id}"`, author: "Ada", history },
      ...{ tests: { web: "passed in 3 s" }, scans: { web: { HIGH: 1 } } },
      repository: "https://github.com/acme/shop",
    };
    mkdirSync(folder(".release"), { recursive: true });
    writeFileSync(join(folder(".release"), "release.json"), JSON.stringify(release));
    writeFileSync(join(folder(".release"), "evidence.json"), JSON.stringify(evidence));
  }

  function plan(release: Release): Promise<Finished> {
    bundle(release);
    return bench.gantry(["plan", "--output", `plan-${release.id}`], { env });
  }

  const conclude = (release: Release, owner: string, passed: boolean) => {
    const args = ["conclude", "--verification", bench.file(verificationOf(release, passed))];
    return bench.gantry(args, { owner, env });
  };

  /** Deploys what was planned, and lets it go on where it is held. */
  const deploy = async (release: Release, owner: string) => {
    const deployed = await bench.gantry(["deploy"], {
      owner,
      env: { ...env, CODEBUILD_SRC_DIR_Plan: folder(`plan-${release.id}`) },
    });
    if (deployed.code !== 0) return deployed;
    assert.equal((await newest()).status, "held");
    return conclude(release, owner, true);
  };

  it("plans the first release: Pulumi's plan, what it stands on, and the evidence", async () => {
    const [first] = releases;
    const finished = await plan(first);
    ended(finished, 0);
    const written = (name: string) => readFileSync(join(folder(`plan-${first.id}`), name), "utf8");
    assert.deepEqual(readdirSync(folder(`plan-${first.id}`)).sort(), [
      "basis.json",
      "evidence.json",
      "evidence.md",
      "id",
      "link",
      "plan.json",
      "summary",
    ]);
    assert.ok("resourcePlans" in (JSON.parse(written("plan.json")) as object));
    const { release, running, deployment } = JSON.parse(written("basis.json")) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      { release, running, deployment },
      {
        ...{ release: first.id, running: null, deployment: 0 },
      },
    );
    const summary = written("summary").trimEnd();
    assert.equal(finished.stdout.trimEnd(), summary);
    assert.match(summary, /which runs no release yet/);
    assert.match(summary, /Settings: the service's own replace the placeholder's\./);
    assert.match(written("evidence.md"), /- web app\.user: node -> none/);
    assert.doesNotMatch(summary, /["\\\n]/);
    assert.match(written("link"), /^https:\/\/github.com\/acme\/shop\/commit\/[0-9a-f]{40}\n$/);
    assert.match(written("evidence.md"), /- tests of web: passed in 3 s/);
    assert.equal(await newest(), undefined);
  });

  it("deploys what was planned", async () => {
    const [first] = releases;
    ended(await deploy(first, "execution-1"), 0);
    assert.equal((await newest()).status, "verified");
    await runs(first);
  });

  it("aborts on a plan that is stale, and deploys after it was planned again (row 20)", async () => {
    const [first, second] = releases;
    const planned = await plan(second);
    assert.match(planned.stdout, new RegExp(`which runs ${first.id}\\. Commits: `));
    assert.match(planned.stdout, /Settings: none changes\./);
    await up(await bench.stack(configured({ memoryMiB: 2048 })), log);

    const refused = await deploy(second, "execution-2");
    ended(refused, 1);
    assert.match(
      refused.stderr,
      /the plan of release \S+ is stale\. Nothing was changed\. Plan again/,
    );
    assert.match(refused.stderr, /somebody has run pulumi up or refresh in the meantime/);
    assert.equal((await newest()).number, 1);
    await runs(first);

    ended(await plan(second), 0);
    ended(await deploy(second, "execution-2"), 0);
    await runs(second);
  });

  it("stops where the update would do what was not planned, and all is as before (row 21)", async () => {
    const [, second, third] = releases;
    ended(await plan(third), 0);
    await bench.stack(configured({ memoryMiB: 2048, environment: { LOG: "debug" } }));
    const stopped = await deploy(third, "execution-3");
    ended(stopped, 1);
    assert.match(stopped.stderr, /violates plan: properties changed: ~~containerDefinitions/);
    const { status, restored } = await newest();
    assert.deepEqual({ status, restored }, { status: "failed", restored: second.id });
    await bench.stack(configured({ memoryMiB: 2048 }));
    await runs(second);
    await agrees();

    ended(await plan(third), 0);
    ended(await deploy(third, "execution-3"), 0);
    await runs(third);
  });

  it("plans the newer of two releases: the older waits for its approval no more (row 49)", async () => {
    const [, , third, fourth] = releases;
    const { pipeline } = bench.names;
    const [older, own] = ["1", "2"].map(
      (digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`,
    );
    for (const [pipelineExecutionId, stage] of [
      [older, "Approve"],
      [own, "Plan"],
    ]) {
      const execution = { pipelineExecutionId, stage, status: "InProgress" };
      await bench.bench.emulator.control("pipeline-executions", { pipeline, execution });
    }
    bundle(fourth);
    const run = (command: string[], owner: string, more: object = {}) =>
      bench.gantry(command, { owner, env: { ...env, GANTRY_PIPELINE: pipeline, ...more } });
    const planned = await run(["plan", "--output", `plan-${fourth.id}`], own);
    ended(planned, 0);
    assert.match(planned.stderr, new RegExp(`supersede: stopped execution ${older}`));
    // Approved in the very moment, it comes to its deployment all the same.
    const CODEBUILD_SRC_DIR_Plan = folder(`plan-${fourth.id}`);
    const refused = await run(["deploy"], older, { CODEBUILD_SRC_DIR_Plan });
    ended(refused, 1);
    assert.match(
      refused.stderr,
      new RegExp(`${older} was stopped \\(superseded by release ${fourth.id}\\)`),
    );
    await runs(third);
  });

  it("refuses a superseded release, though it was approved (row 16)", async () => {
    const [, , third, fourth, fifth] = releases;
    ended(await plan(fourth), 0);
    const promote = ({ id, createdAt }: Release) =>
      bench.clients.s3.send(
        new PutObjectCommand({
          Bucket: bench.names.releaseBucket(account, bench.target.region),
          Key: "release.zip",
          Body: "",
          Metadata: { release: id, "created-at": createdAt },
        }),
      );
    await promote(fifth);
    const { records } = await bench.ledger.recent();
    for (const refused of [await deploy(fourth, "execution-4"), await plan(fourth)]) {
      ended(refused, 1);
      assert.match(refused.stderr, new RegExp(`${fourth.id} .* is superseded: ${fifth.id}`));
    }
    assert.deepEqual((await bench.ledger.recent()).records, records);
    await runs(third);
    await promote(third);
  });

  givesWayToNewer(() => ({ bench, releases, plan, bundle, conclude, runs, agrees }));

  describe("with CodePipeline's ECS action", () => {
    const prepare = (release: Release, owner: string) => {
      bundle(release);
      return bench.gantry(["prepare", "--output", `images-${release.id}`], { owner, env });
    };
    const settle = (owner: string) => bench.gantry(["settle"], { owner, env });

    /** What CodePipeline does between the two. */
    async function ecsAction(release: Release): Promise<void> {
      const connection = connectionTo(bench.bench.emulator);
      const images = folder(`images-${release.id}`);
      const FileName = "imagedefinitions-web.json";
      assert.deepEqual(readdirSync(images), [FileName]);
      const archive = zipFiles(images, [FileName]);
      const { cluster: ClusterName } = bench.names;
      await deployToEcs({
        connection,
        folder: folder(`action-${release.id}`),
        configuration: { ClusterName, ServiceName: bench.names.service("web"), FileName },
        orchestrator: connection.root.credentials,
        action: { inputArtifacts: ["Images"] },
        artifacts: { get: () => Promise.resolve(archive) },
      } as unknown as ActionContext);
    }

    before(async () => {
      const verified = { memoryMiB: 2048, verify: "node verify/main.mjs" };
      const config = configured(verified, { deploy: "ecs" });
      const revisions = await bench.revisions();
      await up(await bench.stack(config), log);
      assert.equal(await bench.revisions(), revisions, "the kind of deployment changed what runs");
    });

    it("changes nothing but the image, and Pulumi knows of it", async () => {
      const [, , third, fourth] = releases;
      const revisions = await bench.revisions();
      ended(await prepare(fourth, "execution-5"), 0);
      assert.equal((await bench.running()).digest, third.images.web.digest);
      assert.equal(await pointer(), third.id);
      const { lock } = await bench.ledger.recent();
      assert.equal(lock?.owner, "execution-5");
      await ecsAction(fourth);
      ended(await settle("execution-5"), 0);
      assert.equal(await bench.revisions(), revisions + 1);
      assert.equal((await newest()).status, "deployed");
      await runs(fourth);
      await agrees();
    });

    it("is rolled back where its verification fails", async () => {
      const [, , third, fourth] = releases;
      bundle(fourth);
      const concluded = await conclude(fourth, "execution-5", false);
      ended(concluded, 1);
      assert.match(concluded.stderr, new RegExp(`Rolled back: ${third.id} runs`));
      await runs(third);
      await agrees();
    });

    it("takes back first what an execution left whose action failed", async () => {
      const [, , third, , fifth] = releases;
      ended(await prepare(fifth, "execution-6"), 0);
      const next = await prepare(fifth, "execution-7");
      ended(next, 0);
      assert.match(next.stderr, /was begun by execution-6 and never settled: taking it back first/);
      const [begun, left] = (await bench.ledger.recent()).records;
      assert.deepEqual([left.status, left.restored], ["failed", third.id]);
      assert.match(left.reason ?? "", /CodePipeline's ECS action failed/);
      await ecsAction(fifth);
      ended(await settle("execution-7"), 0);
      assert.equal((await newest()).number, begun.number);
      await runs(fifth);
      await agrees();
    });
  });
});
