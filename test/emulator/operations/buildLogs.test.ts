import assert from "node:assert/strict";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreatePipelineCommand, type StageDeclaration } from "@aws-sdk/client-codepipeline";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { account, region, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const id = "11111111-2222-3333-4444-555555555555";
const build = "99999999-2222-3333-4444-555555555555";

const stageOf = (name: string, provider: "S3" | "CodeBuild"): StageDeclaration => ({
  name,
  actions: [
    {
      name,
      actionTypeId: {
        category: provider === "S3" ? ("Source" as const) : ("Build" as const),
        ...{ owner: "AWS" as const, provider, version: "1" },
      },
      ...(provider === "S3"
        ? {
            configuration: { S3Bucket: "releases", S3ObjectKey: "release.zip" },
            outputArtifacts: [{ name: "Source" }],
          }
        : { configuration: { ProjectName: "deploy" }, inputArtifacts: [{ name: "Source" }] }),
    },
  ],
});

describe("gantry build-logs on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;
  const { names } = targetOf();
  const pipeline = names.pipeline;

  useBench((started) => (bench = started));
  beforeEach(() => {
    person = personAt(bench, { web: {} });
  });
  afterEach(() => person.project.remove());

  it("shows the log of the action that failed, and says where there is no pipeline", async () => {
    const none = await person.gantry("build-logs");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /staging has no pipeline shop--staging: pulumi up/);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const trust = {
      ...{ Effect: "Allow", Action: "sts:AssumeRole" },
      Principal: { Service: "codepipeline.amazonaws.com" },
    };
    await new IAMClient({ region, credentials, endpoint: bench.emulator.url }).send(
      new CreateRoleCommand({
        RoleName: "pipeline",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    await bench.clients.codepipeline.send(
      new CreatePipelineCommand({
        pipeline: {
          ...{
            name: pipeline,
            roleArn: `arn:aws:iam::${account}:role/pipeline`,
            pipelineType: "V2",
          },
          artifactStore: { type: "S3", location: "artifacts" },
          stages: [stageOf("Source", "S3"), stageOf("Deploy", "CodeBuild")],
        },
      }),
    );
    const place = {
      logGroupName: `/aws/codebuild/${names.action("deploy")}`,
      logStreamName: build,
    };
    const { logs } = bench.clients;
    await logs.send(new CreateLogGroupCommand({ logGroupName: place.logGroupName }));
    await logs.send(new CreateLogStreamCommand(place));
    const messages = ["begun", "DATABASE_URL=postgres://shop:hunter2@db/shop", "failed: no tasks"];
    const logEvents = messages.map((message) => ({
      timestamp: Date.now(),
      message: `${message}\n`,
    }));
    await logs.send(new PutLogEventsCommand({ ...place, logEvents }));
    const startTime = Date.now() / 1000 - 120;
    const ran = (actionName: string, status: string, buildId?: string) => ({
      ...{ stageName: actionName, actionName, status, startTime, lastUpdateTime: startTime + 60 },
      output: { executionResult: { externalExecutionId: buildId } },
    });
    const actions = [
      ran("Source", "Succeeded"),
      ran("Deploy", "Failed", `${names.action("deploy")}:${build}`),
    ];
    const execution = { pipelineExecutionId: id, status: "Failed", actions };
    await bench.emulator.control("pipeline-executions", { pipeline, execution });
    const { code, stdout, stderr } = await person.gantry("build-logs", "--follow");
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^execution ${id}: Failed, begun`));
    assert.match(stdout, /^Deploy +Deploy +Failed .* 1 min 0 s$/m);
    assert.match(stdout, /\n\nDeploy:\nbegun\nDATABASE_URL=\*\*\*\nfailed: no tasks\n$/);
    const { version, log } = JSON.parse(
      (await person.gantry("build-logs", "1111", "--json")).stdout,
    ) as {
      version: number;
      log: { action: string; lines: string[] };
    };
    assert.deepEqual([version, log.action, log.lines.length], [1, "Deploy", 3]);
    assert.match(
      (await person.gantry("build-logs", "beef")).stderr,
      /begins with beef\. .*\n +11111111-/,
    );
    assert.match(
      (await person.gantry("build-logs", "--action", "Deplo")).stderr,
      /Is Deploy meant\?/,
    );
  });
});
