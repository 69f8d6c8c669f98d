import assert from "node:assert/strict";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { parsed, type Recording } from "../../support/record";
import {
  actionOf,
  actionsOf,
  github,
  pipeline,
  pipelineService,
  productionArgs,
  stagesOf,
  stagingArgs,
  types,
  variablesOf,
} from "./support";

/** Stages with their actions and run orders. */
function shape(recording: Recording<unknown>): Record<string, string[]> {
  return Object.fromEntries(
    stagesOf(recording).map(({ name, actions }) => [
      name,
      actions.map((action) => `${action.runOrder} ${action.name}`),
    ]),
  );
}

/** What each action takes and gives. */
function artifacts(recording: Recording<unknown>): Record<string, string> {
  return Object.fromEntries(
    actionsOf(recording).map(({ name, inputArtifacts = [], outputArtifacts = [] }) => [
      name,
      `${inputArtifacts.join(" ")} > ${outputArtifacts.join(" ")}`.trim(),
    ]),
  );
}

const execution = "#{codepipeline.PipelineExecutionId}";

describe("the stages of a Pipeline", () => {
  it("are queued, in a pipeline of the second type", async () => {
    const { inputs } = (await pipeline(stagingArgs())).one(types.pipeline);
    assert.equal(inputs.pipelineType, "V2");
    assert.equal(inputs.executionMode, "QUEUED");
    assert.equal(inputs.name, "shop-staging");
  });

  describe("of staging", () => {
    it("build, deploy, and promote", async () => {
      const recording = await pipeline(stagingArgs());
      assert.deepEqual(shape(recording), {
        Source: ["1 Source"],
        Build: ["1 Build-web", "1 Build-jobs", "2 Release"],
        Deploy: ["1 Deploy", "2 Verify", "3 Conclude"],
        Promote: ["1 Promote"],
      });
      assert.deepEqual(artifacts(recording), {
        Source: "> Source",
        "Build-web": "Source >",
        "Build-jobs": "Source >",
        Release: "Source > Release",
        Deploy: "Source Release >",
        Verify: "Source Release > Verification",
        Conclude: "Source Release Verification >",
        Promote: "Source Release Verification >",
      });
    });

    it("end with the deployment where nothing is promoted", async () => {
      const stages = shape(await pipeline(stagingArgs({ promoteTo: undefined })));
      assert.deepEqual(Object.keys(stages), ["Source", "Build", "Deploy"]);
    });

    it("hand what was built to the release", async () => {
      const recording = await pipeline(stagingArgs());
      assert.deepEqual(variablesOf(actionOf(recording, "Release")), {
        GANTRY_EXECUTION: execution,
        GANTRY_COMMIT: "#{Source.CommitId}",
        GANTRY_IMAGES: "web=#{Build-web.GANTRY_IMAGE},jobs=#{Build-jobs.GANTRY_IMAGE}",
        GANTRY_TESTS: "web=#{Build-web.GANTRY_TESTS};jobs=#{Build-jobs.GANTRY_TESTS}",
      });
      const namespaces = actionsOf(recording).map(({ namespace }) => namespace);
      assert.deepEqual(namespaces.filter(Boolean), [
        "Source",
        "Build-web",
        "Build-jobs",
        "Release",
        "Verify",
      ]);
    });

    it("tell every action the execution and the commit, and which source to work in", async () => {
      const recording = await pipeline(stagingArgs());
      for (const action of actionsOf(recording).filter(
        ({ provider }) => provider === "CodeBuild",
      )) {
        const { GANTRY_EXECUTION, GANTRY_COMMIT } = variablesOf(action);
        assert.equal(GANTRY_EXECUTION, execution, action.name);
        assert.equal(GANTRY_COMMIT, "#{Source.CommitId}", action.name);
        assert.equal(action.configuration.PrimarySource, "Source");
      }
      assert.equal(
        actionOf(recording, "Build-jobs").configuration.ProjectName,
        "shop-staging-build-jobs",
      );
    });
  });

  describe("of production", () => {
    it("plan, ask, and deploy", async () => {
      const recording = await pipeline(productionArgs());
      assert.deepEqual(shape(recording), {
        Source: ["1 Source"],
        Plan: ["1 Plan"],
        Approve: ["1 Approve"],
        Deploy: ["1 Deploy", "2 Verify", "3 Conclude"],
      });
      assert.deepEqual(artifacts(recording), {
        Source: "> Source",
        Plan: "Source > Plan",
        Approve: ">",
        Deploy: "Source Plan >",
        Verify: "Source Plan > Verification",
        Conclude: "Source Plan Verification >",
      });
      assert.deepEqual(variablesOf(actionOf(recording, "Plan")), { GANTRY_EXECUTION: execution });
    });

    it("show people the evidence, for seven days or as long as is said", async () => {
      const recording = await pipeline(productionArgs());
      const approve = actionOf(recording, "Approve");
      assert.deepEqual(approve.configuration, {
        NotificationArn: "arn:aws:sns:eu-west-1:123456789012:shop-production-topic-1a2b3c4",
        CustomData: "#{Plan.GANTRY_SUMMARY}",
        ExternalEntityLink: "#{Plan.GANTRY_LINK}",
      });
      assert.equal(actionOf(recording, "Plan").namespace, "Plan");
      assert.equal(approve.timeoutInMinutes, 7 * 24 * 60);
      const soon = await pipeline(productionArgs({ approval: { timeoutHours: 2 } }));
      assert.equal(actionOf(soon, "Approve").timeoutInMinutes, 120);
    });

    it("ask nobody without an approval, and go on to a further environment", async () => {
      const { promoteTo } = stagingArgs();
      const args = productionArgs({
        approval: undefined,
        promoteTo: { ...promoteTo!, stack: "eu" },
      });
      const recording = await pipeline(args);
      assert.deepEqual(Object.keys(shape(recording)), ["Source", "Plan", "Deploy", "Promote"]);
      assert.equal(artifacts(recording).Promote, "Source Plan Verification >");
    });
  });

  it("with deploy: ecs prepare, let CodePipeline update, and settle", async () => {
    const recording = await pipeline(stagingArgs({ deploy: "ecs" }));
    assert.deepEqual(shape(recording).Deploy, [
      "1 Prepare",
      "2 Ecs-web",
      "2 Ecs-jobs",
      "3 Settle",
      "4 Verify",
      "5 Conclude",
    ]);
    const { Prepare, Settle, "Ecs-web": update } = artifacts(recording);
    assert.deepEqual(
      [Prepare, update, Settle],
      ["Source Release > Images", "Images >", "Source Release >"],
    );
    const ecs = actionOf(recording, "Ecs-jobs");
    assert.equal(ecs.roleArn, "arn:aws:iam::123456789012:role/shop-staging-ecs");
    assert.deepEqual(ecs.configuration, {
      ClusterName: "shop-staging",
      ServiceName: "shop-staging-jobs",
      FileName: "imagedefinitions-jobs.json",
    });
    const { inputs } = recording.one(types.project, "shop-staging-deploy");
    assert.deepEqual(inputs.source, {
      type: "CODEPIPELINE",
      buildspec: "buildspecs/prepare.yml",
    });
    const { ProjectName, BuildspecOverride } = actionOf(recording, "Settle").configuration;
    assert.deepEqual(
      [ProjectName, BuildspecOverride],
      ["shop-staging-deploy", "buildspecs/settle.yml"],
    );
  });
});

describe("the source of a Pipeline", () => {
  const sourceOf = async (more: Partial<PipelineArgs>) => {
    const recording = await pipeline(stagingArgs(more));
    return { recording, action: actionOf(recording, "Source") };
  };

  it("at GitHub starts by its trigger, and not once more by CodePipeline's own detection", async () => {
    const { recording, action } = await sourceOf({});
    assert.equal(action.provider, "CodeStarSourceConnection");
    assert.deepEqual(action.configuration, {
      ConnectionArn: github.connectionArn,
      FullRepositoryId: "acme/shop",
      BranchName: "main",
      OutputArtifactFormat: "CODE_ZIP",
      DetectChanges: "false",
    });
    assert.deepEqual(recording.one(types.pipeline).inputs.triggers, [
      {
        providerType: "CodeStarSourceConnection",
        gitConfiguration: {
          sourceActionName: "Source",
          pushes: [{ branches: { includes: ["main"] } }],
        },
      },
    ]);
    assert.deepEqual(
      recording.all(types.rule).map(({ name }) => name),
      ["shop-staging-failure"],
    );
  });

  it("at GitHub starts for some files alone where they are named", async () => {
    const { recording } = await sourceOf({ source: { ...github, filePaths: ["app/**"] } });
    const [trigger] = recording.one(types.pipeline).inputs.triggers as {
      gitConfiguration: { pushes: object[] };
    }[];
    assert.deepEqual(trigger.gitConfiguration.pushes, [
      { branches: { includes: ["main"] }, filePaths: { includes: ["app/**"] } },
    ]);
  });

  it("in CodeCommit starts by the event of its branch, with the commit of the event", async () => {
    const { recording, action } = await sourceOf({
      source: { type: "codecommit", repository: "shop", branch: "main" },
    });
    assert.equal(action.provider, "CodeCommit");
    assert.equal(action.configuration.PollForSourceChanges, "false");
    assert.equal(recording.one(types.pipeline).inputs.triggers, undefined);
    assert.deepEqual(parsed(recording.one(types.rule, "shop-staging-start"), "eventPattern"), {
      source: ["aws.codecommit"],
      "detail-type": ["CodeCommit Repository State Change"],
      resources: ["arn:aws:codecommit:eu-west-1:123456789012:shop"],
      detail: {
        event: ["referenceCreated", "referenceUpdated"],
        referenceType: ["branch"],
        referenceName: ["main"],
      },
    });
    const { inputs } = recording.one(types.target, "shop-staging-start");
    assert.equal(inputs.arn, "arn:aws:codepipeline:eu-west-1:123456789012:shop-staging");
    assert.deepEqual(inputs.inputTransformer, {
      inputPaths: { revisionValue: "$.detail.commitId" },
      inputTemplate:
        '{"sourceRevisions":[{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":"<revisionValue>"}]}',
    });
  });

  it("in S3 starts by the event of its object, with the version of the event, and names no commit", async () => {
    const { recording, action } = await sourceOf({
      source: { type: "s3", bucket: "acme-source", key: "shop.zip" },
    });
    assert.deepEqual(action.configuration, {
      S3Bucket: "acme-source",
      S3ObjectKey: "shop.zip",
      PollForSourceChanges: "false",
    });
    assert.deepEqual(parsed(recording.one(types.rule, "shop-staging-start"), "eventPattern"), {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["acme-source"] }, object: { key: ["shop.zip"] } },
    });
    const { inputTransformer } = recording.one(types.target, "shop-staging-start").inputs;
    assert.deepEqual((inputTransformer as { inputPaths: object }).inputPaths, {
      revisionValue: "$.detail.object.version-id",
    });
    assert.deepEqual(variablesOf(actionOf(recording, "Deploy")), { GANTRY_EXECUTION: execution });
  });

  it("of production is its release bucket", async () => {
    const recording = await pipeline(productionArgs());
    const bucket = "shop-production-releases-123456789012-eu-west-1";
    assert.deepEqual(actionOf(recording, "Source").configuration, {
      S3Bucket: bucket,
      S3ObjectKey: "release.zip",
      PollForSourceChanges: "false",
    });
    const rule = recording.one(types.rule, "shop-production-start");
    const { detail } = parsed<{ detail: object }>(rule, "eventPattern");
    assert.deepEqual(detail, { bucket: { name: [bucket] }, object: { key: ["release.zip"] } });
  });

  it("is read by a role of its own", async () => {
    const { action } = await sourceOf({});
    assert.equal(action.roleArn, "arn:aws:iam::123456789012:role/shop-staging-source");
  });

  it("builds as many services as CodePipeline hands on in 1000 characters", async () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`s${i}`, pipelineService("staging", `s${i}`)]),
      );
    const recording = await pipeline(stagingArgs({ services: many(10) }));
    const { EnvironmentVariables } = actionOf(recording, "Release").configuration;
    assert.ok(EnvironmentVariables.length <= 1000, `${EnvironmentVariables.length}`);
    await assert.rejects(
      pipeline(stagingArgs({ services: many(40) })),
      /services: given 40; allowed: as many as CodePipeline hands .* in 1000 characters.*divide/s,
    );
  });
});
