import assert from "node:assert/strict";
import { isAllowed, listed, statementsOf, type PolicyDocument } from "../../support/policies";
import { valueOf, type Recording } from "../../support/record";
import { bucketPolicyOf, pipeline, productionArgs, stagingArgs, types } from "./support";
import type { Pipeline } from "../../../components";

const versions = (noncurrentDays: number) => ({
  id: "versions",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
});
const expires = (index: number, prefix: string) => ({
  id: `expire${index}`,
  status: "Enabled",
  filter: { prefix },
  expiration: { days: 30 },
});

describe("the buckets of a Pipeline", () => {
  const kinds: [string, string, () => Promise<Recording<Pipeline>>][] = [
    ["artifacts", "shop-staging-artifacts", () => pipeline(stagingArgs())],
    ["releases", "shop-production-releases", () => pipeline(productionArgs())],
  ];
  for (const [kind, name, make] of kinds) {
    it(`${kind}: keeps versions before its policy forbids to change that`, async () => {
      const { one } = await make();
      const { dependencies } = one(types.bucketPolicy, `${name}-policy`).options;
      assert.ok(dependencies.includes(one(types.versioning, `${name}-versioning`).urn));
    });

    it(`${kind}: keeps versions, encrypts with the pipeline's key, and is public to nobody`, async () => {
      const { one } = await make();
      const { versioningConfiguration } = one(types.versioning, `${name}-versioning`).inputs;
      assert.deepEqual(versioningConfiguration, { status: "Enabled" });
      const key = one(types.key).inputs;
      assert.equal(key.enableKeyRotation, true);
      assert.deepEqual(one(types.encryption, `${name}-encryption`).inputs.rules, [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: `arn:aws:kms:eu-west-1:123456789012:key/${one(types.key).name}-1a2b3c4`,
          },
          bucketKeyEnabled: true,
        },
      ]);
      const blocked = one(types.publicAccess, `${name}-public`).inputs;
      assert.deepEqual(blocked, {
        bucket: blocked.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    });

    it(`${kind}: talks TLS alone, and gives up no version`, async () => {
      const recording = await make();
      const policy = bucketPolicyOf(recording, kind);
      const everything: PolicyDocument = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
      };
      const may = (action: string, tls: string) =>
        isAllowed(
          {
            action,
            resource: `${String(listed(statementsOf(policy)[0].Resource)[0])}/a`,
            principal: "arn:aws:iam::123456789012:role/Administrator",
            context: { "aws:SecureTransport": tls },
          },
          { identity: [everything], resource: policy },
        );
      assert.equal(may("s3:GetObject", "true"), true);
      assert.equal(may("s3:GetObject", "false"), false);
      assert.equal(may("s3:DeleteObjectVersion", "true"), false);
    });
  }

  it("may be emptied and destroyed only where that is said", async () => {
    const kept = await pipeline(productionArgs());
    const free = await pipeline(productionArgs({ forceDestroy: true }));
    const destroys = ({ all }: Recording<unknown>) =>
      all(types.bucket).map(({ inputs }) => inputs.forceDestroy);
    assert.deepEqual(destroys(kept), [false, false]);
    assert.deepEqual(destroys(free), [true, true]);
    const sids = (of: Recording<Pipeline>) =>
      statementsOf(bucketPolicyOf(of, "artifacts")).map(({ Sid }) => Sid);
    assert.deepEqual(sids(kept), ["TlsOnly", "VersionsStay"]);
    assert.deepEqual(sids(free), ["TlsOnly"]);
  });

  it("expire artifacts and results after 30 days, and releases only when newer ones came 90 days ago", async () => {
    const { one } = await pipeline(productionArgs());
    const rules = (kind: string) =>
      one(types.lifecycle, `shop-production-${kind}-lifecycle`).inputs;
    assert.deepEqual(rules("artifacts").rules, [
      versions(7),
      // What actions fetch stays: no execution brings it back.
      expires(1, "shop-production/"),
      expires(2, "results/"),
    ]);
    assert.deepEqual(rules("releases").rules, [versions(90)]);
  });

  it("expire artifacts where CodePipeline cuts the pipeline's name in their keys", async () => {
    const { one } = await pipeline(stagingArgs({ pipelineName: "a-very-long-name-of-a-shop" }));
    const { rules } = one(types.lifecycle).inputs;
    assert.deepEqual((rules as unknown[])[1], expires(1, "a-very-long-name-of-"));
  });

  it("of releases has the name that others know and sends events; that of artifacts has neither", async () => {
    const { one, all, value } = await pipeline(productionArgs());
    const name = "shop-production-releases-123456789012-eu-west-1";
    assert.equal(one(types.bucket, "shop-production-releases").inputs.bucket, name);
    assert.equal(one(types.bucket, "shop-production-artifacts").inputs.bucket, undefined);
    assert.deepEqual(
      all(types.notification).map(({ inputs }) => [inputs.bucket, inputs.eventbridge]),
      [[name, true]],
    );
    assert.ok(value.releaseBucketName);
    assert.equal(await valueOf(value.releaseBucketName), name);
  });
});

describe("the ledger of a Pipeline", () => {
  it("is paid by request, has one key of two parts, and can be had back", async () => {
    const { inputs } = (await pipeline(stagingArgs())).one(types.table);
    assert.deepEqual(inputs, {
      name: "shop-staging-deployments",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: {
        enabled: true,
        kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/shop-staging-key-1a2b3c4",
      },
      deletionProtectionEnabled: true,
    });
  });

  it("may be deleted only where that is said", async () => {
    const { inputs } = (await pipeline(stagingArgs({ forceDestroy: true }))).one(types.table);
    assert.equal(inputs.deletionProtectionEnabled, false);
  });
});
