import assert from "node:assert/strict";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { isAllowed } from "../../support/policies";
import { parsed } from "../../support/record";
import {
  actionOf,
  github,
  pipeline,
  productionArgs,
  roleOf,
  stagesOf,
  stagingArgs,
  types,
} from "./support";

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
      ["shop-staging-failure", "shop-staging-cutOff"],
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

  describe("with config that is kept apart", () => {
    const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/c0nf19";
    const config = { bucket: "acme-config", key: "config/shop/staging.zip", keyArn };
    const object = "arn:aws:s3:::acme-config/config/shop/staging.zip";

    for (const [stack, args] of [
      ["staging", stagingArgs({ config })],
      ["production", productionArgs({ config, approval: { after: "verification" } })],
    ] as const) {
      it(`hands one version of it to every action of ${stack}, and starts for no other`, async () => {
        const recording = await pipeline(args);
        const [first, ...rest] = stagesOf(recording);
        assert.deepEqual(
          first.actions.map(({ name, outputArtifacts }) => [name, outputArtifacts]),
          [
            ["Source", ["Source"]],
            ["Config", ["Config"]],
          ],
        );
        assert.deepEqual(actionOf(recording, "Config").configuration, {
          S3Bucket: "acme-config",
          S3ObjectKey: config.key,
          PollForSourceChanges: "false",
        });
        const builds = rest
          .flatMap(({ actions }) => actions)
          .filter(({ provider }) => provider === "CodeBuild");
        assert.ok(builds.length >= 5);
        for (const { name, inputArtifacts = [], configuration } of builds) {
          assert.deepEqual(inputArtifacts.slice(0, 2), ["Source", "Config"], name);
          // "An action of CodeBuild has up to 5 input artifacts" (CodePipeline user guide).
          assert.ok(inputArtifacts.length <= 5, name);
          assert.equal(configuration.PrimarySource, "Source", name);
        }
        const patterns = recording.all(types.rule).map(({ inputs }) => String(inputs.eventPattern));
        assert.ok(patterns.every((pattern) => !pattern.includes("acme-config")));
      });
    }

    it("is read from the bucket by the source actions' role alone", async () => {
      const recording = await pipeline(stagingArgs({ config }));
      const may = (role: string, action: string, resource: string, context = {}) =>
        isAllowed(
          { action, resource, context: { "aws:SecureTransport": "true", ...context } },
          { identity: [roleOf(recording, role).policy] },
        );
      const artifact = "arn:aws:s3:::shop-staging-artifacts-1a2b3c4/shop-staging/Config/Ab3dE5g";
      const others = recording
        .all(types.project)
        .map(({ inputs }) => String(inputs.name).slice("shop-staging-".length));
      assert.ok(others.includes("build-web") && others.includes("promote"));
      for (const role of others) {
        assert.equal(may(role, "s3:GetObject", artifact), true, role);
        assert.equal(may(role, "s3:PutObject", artifact), false, role);
        assert.equal(may(role, "s3:GetObject", object), false, role);
      }
      const s3 = { "kms:ViaService": "s3.eu-west-1.amazonaws.com" };
      assert.equal(may("source", "s3:GetObjectVersion", object), true);
      assert.equal(may("source", "s3:PutObject", artifact), true);
      assert.equal(may("source", "kms:Decrypt", keyArn, s3), true);
      assert.equal(may("source", "kms:Decrypt", keyArn), false);
      assert.equal(may("source", "s3:PutObject", object), false);
      const neighbour = object.replace("staging", "production");
      assert.equal(may("source", "s3:GetObject", neighbour), false);
    });
  });

  it("is read by a role of its own", async () => {
    const { action } = await sourceOf({});
    assert.equal(action.roleArn, "arn:aws:iam::123456789012:role/shop-staging-source");
  });
});
