import assert from "node:assert/strict";
import type { Recording } from "../../support/record";
import {
  actionOf,
  actionsOf,
  pipeline,
  pipelineService,
  productionArgs,
  stagesOf,
  stagingArgs,
  types,
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

    it("build no more images at once than is allowed, and the release after the last", async () => {
      const services = Object.fromEntries(
        [1, 2, 3, 4, 5].map((index) => [`s${index}`, pipelineService("staging", `s${index}`)]),
      );
      const { Build } = shape(await pipeline(stagingArgs({ services, buildsAtOnce: 2 })));
      assert.deepEqual(Build, [
        ...["1 Build-s1", "1 Build-s2", "2 Build-s3", "2 Build-s4", "3 Build-s5"],
        "4 Release",
      ]);
    });

    it("make the release in a stage of its own where the builds fill theirs", async () => {
      const many = (count: number) =>
        Object.fromEntries(
          Array.from({ length: count }, (_, i) => [`s${i}`, pipelineService("staging", `s${i}`)]),
        );
      const most = shape(await pipeline(stagingArgs({ services: many(49) })));
      assert.deepEqual([most.Build.length, most.Build.at(-1)], [50, "2 Release"]);
      assert.ok(!("Release" in most));
      const full = shape(await pipeline(stagingArgs({ services: many(50) })));
      assert.deepEqual(Object.keys(full), ["Source", "Build", "Release", "Deploy", "Promote"]);
      assert.equal(full.Build.length, 50);
      assert.deepEqual(full.Release, ["1 Release"]);
    });

    it("name what each action exports after it", async () => {
      const namespaces = actionsOf(await pipeline(stagingArgs())).map(({ namespace }) => namespace);
      assert.deepEqual(namespaces.filter(Boolean), [
        "Source",
        "Build-web",
        "Build-jobs",
        "Release",
        "Verify",
      ]);
    });

    it("tell every action which source to work in", async () => {
      const recording = await pipeline(stagingArgs());
      for (const action of actionsOf(recording).filter(
        ({ provider }) => provider === "CodeBuild",
      )) {
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
    });

    it("show people the evidence, for seven days or as long as is said", async () => {
      const evidence = { text: "#{Plan.SUMMARY}", link: "#{Plan.LINK}" };
      const recording = await pipeline(productionArgs({ approval: evidence }));
      const approve = actionOf(recording, "Approve");
      assert.deepEqual(approve.configuration, {
        CustomData: "#{Plan.SUMMARY}",
        ExternalEntityLink: "#{Plan.LINK}",
      });
      const bare = await pipeline(productionArgs());
      assert.deepEqual(actionOf(bare, "Approve").configuration, {});
      assert.equal(actionOf(recording, "Plan").namespace, "Plan");
      assert.equal(approve.timeoutInMinutes, 7 * 24 * 60);
      const soon = await pipeline(productionArgs({ approval: { timeoutHours: 2 } }));
      assert.equal(actionOf(soon, "Approve").timeoutInMinutes, 120);
    });

    it("ask after the verification, take back what was refused, and conclude apart from that", async () => {
      const approval = {
        after: "verification",
        timeoutHours: 2,
        text: "#{Confirm.SUMMARY}",
      } as const;
      const recording = await pipeline(productionArgs({ approval }));
      assert.deepEqual(shape(recording), {
        Source: ["1 Source"],
        Plan: ["1 Plan"],
        Deploy: ["1 Deploy", "2 Verify"],
        Confirm: ["1 Confirm", "2 Approve"],
        Conclude: ["1 Conclude"],
      });
      const { Confirm, Conclude } = artifacts(recording);
      assert.deepEqual([Confirm, Conclude], Array(2).fill("Source Plan Verification >"));
      const { ProjectName, BuildspecOverride } = actionOf(recording, "Confirm").configuration;
      assert.deepEqual(
        [ProjectName, BuildspecOverride],
        ["shop-production-conclude", "ci/confirm.yml"],
      );
      const approve = actionOf(recording, "Approve");
      assert.equal(approve.configuration.CustomData, "#{Confirm.SUMMARY}");
      assert.deepEqual(
        [approve.timeoutInMinutes, actionOf(recording, "Confirm").namespace],
        [120, "Confirm"],
      );
      const { stages } = recording.one(types.pipeline).inputs as {
        readonly stages: readonly object[];
      };
      assert.deepEqual(
        stages.flatMap((stage) =>
          "onFailure" in stage && stage.onFailure ? [stage.onFailure] : [],
        ),
        [{ result: "RETRY", retryConfiguration: { retryMode: "ALL_ACTIONS" } }],
      );
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

  it("retry their promotion once by itself, and nothing else", async () => {
    const recording = await pipeline(stagingArgs());
    const { stages } = recording.one(types.pipeline).inputs as {
      readonly stages: readonly { readonly name: string; readonly onFailure?: object }[];
    };
    const retried = { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } };
    assert.deepEqual(
      stages.flatMap(({ name, onFailure }) => (onFailure ? [{ name, onFailure }] : [])),
      [{ name: "Promote", onFailure: retried }],
    );
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
      buildspec: "ci/deploy.yml",
    });
    const { ProjectName, BuildspecOverride } = actionOf(recording, "Settle").configuration;
    assert.deepEqual([ProjectName, BuildspecOverride], ["shop-staging-deploy", "ci/settle.yml"]);
  });
});
