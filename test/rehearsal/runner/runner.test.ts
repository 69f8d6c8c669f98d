import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CodePipelineClient, ListPipelineExecutionsCommand } from "@aws-sdk/client-codepipeline";
import { IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import type { ApprovalChoice } from "../../../rehearsal/runner/approvals";
import { rehearse, type RehearsalOptions } from "../../../rehearsal/runner/rehearse";
import { commit, type SourceRepository } from "../../../rehearsal/runner/repository";
import type { PipelineRun } from "../../../rehearsal/runner/run";
import {
  Account,
  actionOf,
  approvalAction,
  buildAction,
  pipelineName,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

const buildspec = (name: string) => `
version: 0.2
env:
  shell: bash
  exported-variables: [ARTIFACT_ID]
phases:
  build:
    commands:
      - test ! -e fail-${name}
      - export ARTIFACT_ID="${name}-$CODEBUILD_BUILD_NUMBER"
      - mkdir out && echo "$GREETING from ${name}" > out/${name}.txt
artifacts:
  base-directory: out
  files: ['**/*']
`;

const join2 = `
version: 0.2
phases:
  build:
    commands:
      - cat "$CODEBUILD_SRC_DIR_Web/web.txt" "$CODEBUILD_SRC_DIR_Jobs/jobs.txt"
      - echo "ids $IDS at $GANTRY_EXECUTION of $(cat COMMIT)"
`;

describe("rehearsal of a pipeline", function () {
  this.timeout(120_000);
  let account: Account;
  let source: SourceRepository;
  const said: string[] = [];

  before(async () => {
    account = await Account.start();
    const variables = [{ name: "GREETING", value: "hello" }];
    await account.project("web", "build.yml", { variables });
    await account.project("jobs", buildspec("jobs"), { variables });
    await account.project("join", join2);
    await account.project("after", join2.replace(/cat.*\n/, "true\n"), { actions: ["s3:Get*"] });
    await account.pipeline([
      sourceStage,
      {
        name: "Build",
        actions: [
          buildAction("Web", "web", { namespace: "Web", output: "Web" }),
          buildAction("Jobs", "jobs", { namespace: "Jobs", output: "Jobs" }),
          buildAction("Join", "join", {
            runOrder: 2,
            inputs: ["Web", "Jobs"],
            variables: [
              { name: "IDS", value: "#{Web.ARTIFACT_ID},#{Jobs.ARTIFACT_ID}" },
              { name: "GANTRY_EXECUTION", value: "#{codepipeline.PipelineExecutionId}" },
            ],
          }),
        ],
      },
      {
        name: "Approve",
        actions: [approvalAction({ CustomData: "Release #{Web.ARTIFACT_ID}, please" })],
      },
      { name: "Deploy", actions: [buildAction("Deploy", "after")] },
    ]);
  });

  after(() => account.stop());

  beforeEach(async () => {
    said.length = 0;
    const files = {
      "build.yml": buildspec("web"),
      COMMIT: "$Format:%H$\n",
      ".gitattributes": "COMMIT export-subst\n",
    };
    source = await repositoryWith(account.folders, files);
  });

  const options = (
    approvals: ApprovalChoice,
    folder = account.folders.make(),
  ): RehearsalOptions => ({
    ...rehearsalOptions(account, source),
    approvals,
    folder,
    log: (line) => said.push(line),
  });

  const statuses = (run: PipelineRun) =>
    run.stages.map(({ name, status, actions }) => [
      name,
      status,
      ...actions.map((action) => `${action.name} ${action.status}`),
    ]);

  it("runs stages in turn and actions in parallel, hands variables and artifacts on", async () => {
    const folder = account.folders.make();
    const run = await rehearse(options("grant", folder), pipelineName);
    assert.equal(run.status, "Succeeded", JSON.stringify(run, undefined, 1));
    assert.match(run.commit, /^[0-9a-f]{40}$/);
    assert.equal(run.evidence, "Release web-1, please");
    const joined = actionOf(run, "Join");
    assert.deepEqual(joined.tail.slice(-1), [
      `ids web-1,jobs-1 at ${run.executionId} of ${run.commit}`,
    ]);
    assert.ok(joined.tail.includes("hello from web") && joined.tail.includes("hello from jobs"));
    assert.equal(
      readFileSync(joined.logFile ?? "", "utf8")
        .trimEnd()
        .split("\n")
        .at(-1),
      joined.tail.at(-1),
    );
    const web = actionOf(run, "Web");
    assert.match(web.role, /:role\/web$/);
    assert.deepEqual(web.outputVariables, { ARTIFACT_ID: "web-1" });
    assert.match(web.artifacts[0].key, /^shop-staging\/Web\/[\w-]{7}$/);
    assert.deepEqual(web.apiCallsByAction, { "s3:GetObject": 1, "s3:PutObject": 1 });
    const overlaps =
      Date.parse(actionOf(run, "Jobs").startedAt) < Date.parse(web.startedAt) + web.seconds * 1000;
    assert.ok(overlaps, "both builds begin before one has ended");
    assert.equal(existsSync(join(folder, "work", run.executionId)), false);
  });

  it("is what CodePipeline's API then answers, and build numbers go on", async () => {
    const run = await rehearse(options("grant"), pipelineName);
    const answer = await new CodePipelineClient(account.connection.root).send(
      new ListPipelineExecutionsCommand({ pipelineName }),
    );
    const [newest] = answer.pipelineExecutionSummaries ?? [];
    assert.equal(newest.pipelineExecutionId, run.executionId);
    assert.equal(newest.status, "Succeeded");
    assert.equal(newest.sourceRevisions?.[0].revisionId, run.commit);
    assert.equal(actionOf(run, "Web").outputVariables.ARTIFACT_ID, "web-2");
  });

  it("skips what comes after a failed action, lets its neighbours end, and runs again afterwards", async () => {
    await commit(source, "fix: break web", { "fail-web": "" });
    const failed = await rehearse(options("grant"), pipelineName);
    assert.equal(failed.status, "Failed");
    assert.deepEqual(statuses(failed).slice(1), [
      ["Build", "Failed", "Web Failed", "Jobs Succeeded", "Join Skipped"],
      ["Approve", "Skipped", "Approve Skipped"],
      ["Deploy", "Skipped", "Deploy Skipped"],
    ]);
    assert.match(actionOf(failed, "Web").error ?? "", /build failed with exit code 1/);
    assert.match(said.join("\n"), /Build\/Web: failed: build failed/);
    rmSync(join(source.folder, "fail-web"));
    await commit(source, "fix: repair web", {});
    assert.equal((await rehearse(options("grant"), pipelineName)).status, "Succeeded");
  });

  describe("with a stage that retries", () => {
    /** Fails until it was tried so many times, which a file outside of the build counts. */
    const unsteady = (counter: string, failures: number) => `
version: 0.2
env:
  shell: bash
phases:
  build:
    commands:
      - echo tried >> "${counter}" && mkdir out
      - test "$(wc -l < "${counter}")" -gt ${failures}
`;
    const retried = async (failures: number) => {
      const counter = join(account.folders.make(), "counter");
      const project = `unsteady-${failures}`;
      await account.project(project, unsteady(counter, failures));
      const onFailure = {
        result: "RETRY",
        retryConfiguration: { retryMode: "FAILED_ACTIONS" },
      } as const;
      const actions = [buildAction("Promote", project)];
      await account.pipeline([sourceStage, { name: "Promote", onFailure, actions }], project);
      const run = await rehearse(options("grant"), project);
      const tries = readFileSync(counter, "utf8").trimEnd().split("\n").length;
      const { status, retriedAfter } = actionOf(run, "Promote");
      return { run: run.status, status, retriedAfter, tries };
    };
    const error = "build failed with exit code 1";

    it("succeeds at the second attempt, and tells why the first one failed", async () => {
      assert.deepEqual(await retried(1), {
        ...{ run: "Succeeded", status: "Succeeded", retriedAfter: error, tries: 2 },
      });
    });

    it("fails after the second attempt", async () => {
      assert.deepEqual(await retried(2), {
        ...{ run: "Failed", status: "Failed", retriedAfter: error, tries: 2 },
      });
    });

    it("is tried once where nothing fails", async () => {
      assert.deepEqual(await retried(0), {
        ...{ run: "Succeeded", status: "Succeeded", retriedAfter: undefined, tries: 1 },
      });
    });
  });

  it("fails when the approval is rejected, and touches nothing after it (row 14)", async () => {
    const run = await rehearse(options("reject"), pipelineName);
    assert.equal(run.status, "Failed");
    assert.deepEqual(statuses(run).slice(2), [
      ["Approve", "Failed", "Approve Failed"],
      ["Deploy", "Skipped", "Deploy Skipped"],
    ]);
    assert.equal(actionOf(run, "Approve").error, "the approval was rejected");
    assert.equal(actionOf(run, "Deploy").apiCalls, 0);
  });

  it("fails when nobody approves in time, and the next execution runs (row 15)", async () => {
    const run = await rehearse(options("timeOut"), pipelineName);
    assert.match(actionOf(run, "Approve").error ?? "", /nobody approved within 10080 minutes/);
    assert.equal((await rehearse(options("grant"), pipelineName)).status, "Succeeded");
  });

  it("begins nothing more once it is interrupted", async () => {
    const stop = new AbortController();
    const log = (line: string) => {
      if (line.includes("Source/Source ...")) stop.abort();
    };
    const run = await rehearse({ ...options("grant"), log, signal: stop.signal }, pipelineName);
    assert.equal(run.status, "Stopped");
    assert.equal(actionOf(run, "Source").status, "Succeeded");
    assert.equal(actionOf(run, "Web").status, "Abandoned");
  });

  it("fails when a role may not do what its action does", async () => {
    await account.project("writer", buildspec("web"), { actions: ["s3:Get*"] });
    const write = buildAction("Web", "writer", { output: "Web" });
    await account.pipeline([sourceStage, { name: "Build", actions: [write] }], "shop-denied");
    const run = await rehearse(options("grant"), "shop-denied");
    assert.equal(run.status, "Failed");
    assert.match(
      actionOf(run, "Web").error ?? "",
      /the artifact Web cannot be written to s3:\/\/shop-staging-artifacts\/shop-denied\/Web\/.*AccessDenied/,
    );
  });

  it("fails when a role does not trust CodeBuild", async () => {
    await account.project("stranger", buildspec("web"));
    const trust = {
      Effect: "Allow",
      Principal: { Service: "ecs.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    await new IAMClient(account.connection.root).send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: "stranger",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    await account.pipeline(
      [sourceStage, { name: "Build", actions: [buildAction("Web", "stranger")] }],
      "shop-stranger",
    );
    const run = await rehearse(options("grant"), "shop-stranger");
    assert.match(
      actionOf(run, "Web").error ?? "",
      /codebuild\.amazonaws\.com cannot take on arn:aws:iam::123456789012:role\/stranger/,
    );
  });

  it("fails when a variable is one that no action exports, and names it", async () => {
    const variables = [{ name: "X", value: "#{Source.Branch}" }];
    const action = buildAction("Web", "web", { variables });
    await account.pipeline([sourceStage, { name: "Build", actions: [action] }], "shop-unknown");
    const run = await rehearse(options("grant"), "shop-unknown");
    assert.match(actionOf(run, "Web").error ?? "", /#\{Source\.Branch\} is unknown: .*CommitId/);
  });

  it("fails when there is no such pipeline", async () => {
    await assert.rejects(rehearse(options("grant"), "shop-none"), /shop-none/);
  });
});
