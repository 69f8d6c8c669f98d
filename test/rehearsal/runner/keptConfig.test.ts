import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodePipelineClient, ListPipelineExecutionsCommand } from "@aws-sdk/client-codepipeline";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { configZip } from "../../../delivery/configZip";
import { rehearse } from "../../../rehearsal/runner/rehearse";
import type { PipelineRun } from "../../../rehearsal/runner/run";
import {
  Account,
  actionOf,
  buildAction,
  command,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

describe("rehearsal of a pipeline with config in a bucket", function () {
  this.timeout(120_000);
  let account: Account;

  before(async () => (account = await Account.start()));
  after(() => account.stop());

  it("takes one version of a second source for all of an execution, and names it beside the commit", async () => {
    const source = await repositoryWith(account.folders, { a: "1" });
    const s3 = new S3Client({ ...account.connection.root, forcePathStyle: true });
    const push = async (text: string) => {
      const Body = configZip("staging", Buffer.from(text));
      await s3.send(new PutObjectCommand({ Bucket: "shop-source", Key: "config.zip", Body }));
    };
    const go = join(account.folders.make(), "go");
    const say = 'cat "$CODEBUILD_SRC_DIR_Config/Pulumi.staging.yaml"';
    await account.project("first", command(say));
    await account.project("second", command(`until test -e ${go}; do sleep 0.1; done; ${say}`));
    const config = {
      ...{ name: "Config", outputArtifacts: [{ name: "Config" }] },
      actionTypeId: { category: "Source", owner: "AWS", provider: "S3", version: "1" },
      configuration: { S3Bucket: "shop-source", S3ObjectKey: "config.zip" },
    } as const;
    const inputs = ["Config"];
    const builds = [
      buildAction("First", "first", { inputs }),
      buildAction("Second", "second", { inputs, runOrder: 2 }),
    ];
    const sources = { name: "Source", actions: [...(sourceStage.actions ?? []), config] };
    await account.pipeline([sources, { name: "Build", actions: builds }], "shop-kept");

    await push("version: 1\n");
    let pushed: Promise<void> | undefined;
    const log = (line: string) => {
      if (!line.includes("Build/First: succeeded")) return;
      pushed = push("version: 2\n").then(() => writeFileSync(go, ""));
    };
    const run = await rehearse({ ...rehearsalOptions(account, source), log }, "shop-kept");
    await pushed;
    const said = (one: PipelineRun) =>
      ["First", "Second"].map((name) => actionOf(one, name).tail.at(-1));
    assert.deepEqual(said(run), ["version: 1", "version: 1"]);
    assert.match(run.commit, /^[0-9a-f]{40}$/);
    assert.deepEqual(said(await rehearse(rehearsalOptions(account, source), "shop-kept")), [
      "version: 2",
      "version: 2",
    ]);

    const answer = await new CodePipelineClient(account.connection.root).send(
      new ListPipelineExecutionsCommand({ pipelineName: "shop-kept" }),
    );
    const revisions = answer.pipelineExecutionSummaries?.at(-1)?.sourceRevisions ?? [];
    const { VersionId } = actionOf(run, "Config").outputVariables;
    assert.deepEqual(
      revisions.map(({ actionName, revisionId }) => [actionName, revisionId]),
      [
        ["Source", run.commit],
        ["Config", VersionId],
      ],
    );
  });
});
