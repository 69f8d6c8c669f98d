import assert from "node:assert/strict";
import type { GetEventSelectorsResponse, Trail } from "@aws-sdk/client-cloudtrail";
import { AuditTrail, type AuditTrailArgs } from "../../components";
import { recordingTrails } from "../../components/auditTrail/recording";
import { isAllowed, type PolicyDocument } from "../support/policies";
import { parsed, record } from "../support/record";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  trail: "aws:cloudtrail/trail:Trail",
} as const;

const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const ofAccount = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop";
const bucketArn = "arn:aws:s3:::shop-audit-1a2b3c4";

function trail(more: Partial<AuditTrailArgs> = {}) {
  const args = { trailName: "shop.staging", ofAccount, ...more };
  return record(() => new AuditTrail("shop", args));
}

const calls = {
  name: "Calls",
  fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
};

describe("AuditTrail", () => {
  it("records every call in all regions, with digests and the key", async () => {
    const { one } = await trail({ keyArn, tags: { team: "shop" } });
    assert.deepEqual(one(types.trail).inputs, {
      ...{ name: "shop.staging", s3BucketName: "shop-audit-1a2b3c4", kmsKeyId: keyArn },
      ...{ isMultiRegionTrail: true, includeGlobalServiceEvents: true, enableLogging: true },
      ...{ enableLogFileValidation: true, advancedEventSelectors: [calls], tags: { team: "shop" } },
    });
  });

  it("records what is done with objects of some buckets, where it is told", async () => {
    const { one } = await trail({ dataOfBuckets: ["shop-uploads", "shop-invoices"] });
    assert.deepEqual(one(types.trail).inputs.advancedEventSelectors, [
      calls,
      {
        name: "Objects",
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          {
            field: "resources.ARN",
            startsWiths: ["arn:aws:s3:::shop-uploads/", "arn:aws:s3:::shop-invoices/"],
          },
        ],
      },
    ]);
  });

  it("lets its own trail write, and nobody delete", async () => {
    const { one } = await trail();
    const policy = parsed<PolicyDocument>(one(types.policy), "policy");
    const may = (action: string, path: string, of = "shop.staging", acl?: string) =>
      isAllowed(
        {
          ...{ action, resource: `${bucketArn}${path}`, principal: "cloudtrail.amazonaws.com" },
          context: {
            "aws:SecureTransport": "true",
            "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:123456789012:trail/${of}`,
            ...(acl === undefined ? {} : { "s3:x-amz-acl": acl }),
          },
        },
        { resource: policy },
      );
    const record = "/AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/31/1.json.gz";
    const full = "bucket-owner-full-control";
    assert.ok(may("s3:GetBucketAcl", ""));
    assert.ok(may("s3:PutObject", record, "shop.staging", full));
    assert.ok(!may("s3:PutObject", record, "shop.staging", "public-read"));
    assert.ok(!may("s3:PutObject", record, "shop.production", full));
    assert.ok(!may("s3:PutObject", "/AWSLogs/999999999999/1.json.gz", "shop.staging", full));
    const deletes = (action: string) =>
      isAllowed(
        {
          ...{ action, resource: `${bucketArn}${record}` },
          principal: "arn:aws:iam::123456789012:root",
          context: { "aws:SecureTransport": "true" },
        },
        {
          identity: [
            {
              Version: "2012-10-17",
              Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
            },
          ],
          resource: policy,
        },
      );
    assert.deepEqual(["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion"].map(deletes), [
      true,
      false,
      false,
    ]);
  });

  it("waits for the bucket's policy, which CloudTrail tries", async () => {
    const { one } = await trail();
    const { propertyDependencies } = one(types.trail).options;
    assert.ok(propertyDependencies.s3BucketName.includes(one(types.policy).urn));
  });

  it("keeps records for a year, or as long as it is told, and its bucket where it is told", async () => {
    const days = async (more: Partial<AuditTrailArgs>) => {
      const { one } = await trail(more);
      const rules = one(types.lifecycle).inputs.rules as { expiration?: { days: number } }[];
      return rules.flatMap(({ expiration }) => (expiration ? [expiration.days] : []));
    };
    assert.deepEqual(await days({}), [365]);
    assert.deepEqual(await days({ retentionDays: 30 }), [30]);
    const kept = await trail({ retain: true });
    assert.equal(kept.one(types.bucket).options.retainOnDelete, true);
    assert.equal(kept.one(types.trail).options.retainOnDelete, false);
  });

  for (const trailName of ["shop--staging", "a", "shop.", "shop_.staging", "shop staging"]) {
    it(`fails when the name is ${trailName}, which CloudTrail refuses`, async () => {
      await assert.rejects(trail({ trailName }), /AuditTrail trailName: given .*; write it as/);
    });
  }

  it("fails when the retention is no number of days", async () => {
    await assert.rejects(trail({ retentionDays: 0.5 }), /AuditTrail retentionDays: given 0.5/);
  });
});

describe("recordingTrails", () => {
  const arn = (name: string, account = "123456789012") =>
    `arn:aws:cloudtrail:us-east-1:${account}:trail/${name}`;
  const one = (Name: string, more: Trail = {}): Trail => ({
    ...{ Name, TrailARN: arn(Name), HomeRegion: "us-east-1", IsMultiRegionTrail: true },
    ...{ IsOrganizationTrail: false, ...more },
  });
  const everything: GetEventSelectorsResponse = {
    EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }],
  };
  const find = (
    trail: Trail,
    { logs = true, selectors = everything }: Answers = {},
    refuses?: Error,
  ) =>
    recordingTrails("eu-west-1", "shop.staging", {
      describe: () => Promise.resolve([trail]),
      isLogging: () => (refuses ? Promise.reject(refuses) : Promise.resolve(logs)),
      selectors: () => Promise.resolve(selectors),
    });
  interface Answers {
    readonly logs?: boolean;
    readonly selectors?: GetEventSelectorsResponse;
  }
  const advanced = (...fields: readonly [string, string][]): Answers => ({
    selectors: {
      AdvancedEventSelectors: [
        { FieldSelectors: fields.map(([Field, value]) => ({ Field, Equals: [value] })) },
      ],
    },
  });
  const management = ["eventCategory", "Management"] as const;

  const table: readonly [string, Trail, Answers, boolean][] = [
    ["one of all regions", one("all"), {}, true],
    ["the organisation's", one("org", { IsOrganizationTrail: true }), {}, true],
    ["one of this region", one("here", { ...local("eu-west-1") }), {}, true],
    ["one of another region", one("there", { ...local("us-east-1") }), {}, false],
    ["one that is off", one("off"), { logs: false }, false],
    ["its own", one("shop.staging", { HomeRegion: "eu-west-1" }), {}, false],
    ["one of its own's name elsewhere", one("shop.staging"), {}, true],
    ["one of advanced selectors", one("calls"), advanced([...management]), true],
    [
      "one of what changes alone",
      one("changes"),
      advanced([...management], ["readOnly", "false"]),
      false,
    ],
    ["one of objects alone", one("data"), advanced(["eventCategory", "Data"]), false],
    [
      "one of what reads alone",
      one("reads"),
      { selectors: { EventSelectors: [{ ReadWriteType: "ReadOnly" }] } },
      false,
    ],
    [
      "one of no calls",
      one("none"),
      { selectors: { EventSelectors: [{ IncludeManagementEvents: false }] } },
      false,
    ],
  ];
  for (const [what, trail, answers, isFound] of table) {
    it(`${isFound ? "finds" : "does not count"} ${what}`, async () => {
      const found = await find(trail, answers);
      const { Name: name, TrailARN: arn, IsOrganizationTrail: isOrganization } = trail;
      assert.deepEqual(found, isFound ? [{ arn, name, isOrganization }] : []);
    });
  }

  it("takes the organisation's to record where a member is told no more of it", async () => {
    const denied = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    const org = one("org", { IsOrganizationTrail: true });
    assert.equal((await find(org, {}, denied)).length, 1);
    await assert.rejects(find(one("mine"), {}, denied), denied);
  });
});

function local(HomeRegion: string): Trail {
  return { HomeRegion, IsMultiRegionTrail: false };
}
