import assert from "node:assert/strict";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { matchesPattern, type JsonObject } from "../../../rehearsal/runner/events";
import { startsByObject } from "../../../rehearsal/runner/rehearse";
import { account as accountId, Account, region } from "./support";

describe("event patterns", () => {
  const event = {
    source: "aws.s3",
    resources: ["arn:a", "arn:b"],
    detail: {
      bucket: { name: "shop" },
      object: { key: "release.zip", size: 3 },
      none: null,
      stars: "a*\\b",
    },
  };
  const cases: [JsonObject, boolean][] = [
    [{ source: ["aws.s3"] }, true],
    [{ source: ["aws.ec2", "aws.s3"] }, true],
    [{ source: ["aws.ec2"] }, false],
    [{ resources: ["arn:b"] }, true],
    [{ detail: { bucket: { name: ["shop"] }, object: { key: ["release.zip"] } } }, true],
    [{ detail: { bucket: { name: ["shop"] }, object: { key: ["other.zip"] } } }, false],
    [{ detail: { object: { key: [{ prefix: "rel" }] } } }, true],
    [{ detail: { object: { key: [{ suffix: ".json" }] } } }, false],
    [{ detail: { object: { key: [{ wildcard: "r*.z*p" }] } } }, true],
    [{ detail: { object: { key: [{ wildcard: "release*zip*" }] } } }, true],
    [{ detail: { object: { key: [{ wildcard: "release?zip" }] } } }, false],
    [{ detail: { object: { key: [{ wildcard: "*.zi" }] } } }, false],
    [{ detail: { object: { key: [{ wildcard: "release\\*" }] } } }, false],
    [{ detail: { stars: [{ wildcard: "a\\*\\\\*" }] } }, true],
    [{ detail: { object: { size: [{ wildcard: "*" }] } } }, false],
    [{ detail: { object: { size: [3] } } }, true],
    [{ detail: { object: { size: ["3"] } } }, false],
    [{ detail: { none: [null] } }, true],
    [{ detail: { object: { key: [{ "anything-but": ["a", "b"] }] } } }, true],
    [{ detail: { missing: [{ exists: false }] } }, true],
    [{ detail: { missing: ["x"] } }, false],
    [{ missing: { deep: ["x"] } }, false],
    [{ detail: { $or: [{ missing: ["x"] }, { object: { size: [3] } }] } }, true],
    [{ detail: { $or: [{ missing: ["x"] }, { object: { size: [4] } }] } }, false],
    [{ detail: { none: ["x"], $or: [{ object: { size: [3] } }] } }, false],
  ];
  for (const [pattern, wanted] of cases) {
    it(`${JSON.stringify(pattern)} ${wanted ? "matches" : "does not match"}`, () =>
      assert.equal(matchesPattern(pattern, event), wanted));
  }

  it("fails when a pattern has a filter that is not known", () => {
    const pattern = { detail: { object: { size: [{ numeric: [">", 1] }] } } };
    assert.throws(() => matchesPattern(pattern, event), /filter numeric/);
  });
});

describe("an object that is put", function () {
  this.timeout(60_000);
  let account: Account;

  before(async () => {
    account = await Account.start();
    const events = new EventBridgeClient(account.connection.root);
    const rule = async (name: string, key: string) => {
      const pattern = {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: ["shop-source"] }, object: { key: [key] } },
      };
      await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
      const revision = {
        actionName: "Source",
        revisionType: "S3_OBJECT_VERSION_ID",
        revisionValue: "<v>",
      };
      const target = {
        Id: "1",
        Arn: `arn:aws:codepipeline:${region}:${accountId}:${name}`,
        InputTransformer: {
          InputPathsMap: { v: "$.detail.object.version-id" },
          InputTemplate: JSON.stringify({ sourceRevisions: [revision] }),
        },
      };
      const queue = { Id: "2", Arn: `arn:aws:sqs:${region}:${accountId}:queue` };
      await events.send(new PutTargetsCommand({ Rule: name, Targets: [target, queue] }));
    };
    await rule("shop-production", "release.zip");
    await rule("shop-other", "other.zip");
  });

  after(() => account.stop());

  it("starts the pipelines of the rules that match, with that version", async () => {
    const s3 = new S3Client({ ...account.connection.root, forcePathStyle: true });
    const put = { Bucket: "shop-source", Key: "release.zip", Body: "x" };
    const { VersionId } = await s3.send(new PutObjectCommand(put));
    assert.ok(VersionId);
    assert.deepEqual(await startsByObject(account, "shop-source", "release.zip"), [
      {
        pipeline: "shop-production",
        trigger: "EventBridge: shop-production",
        revisions: { Source: VersionId },
      },
    ]);
  });

  it("starts nothing when it is not there", async () => {
    assert.deepEqual(await startsByObject(account, "shop-source", "none.zip"), []);
    assert.deepEqual(await startsByObject(account, "shop-none", "release.zip"), []);
  });
});
