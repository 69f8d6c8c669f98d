import assert from "node:assert/strict";
import { Bucket, type BucketArgs } from "../../components";
import { parsed, record, valueOf } from "../support/record";

const bucket = (args: BucketArgs = {}) => record(() => new Bucket("uploads", args));

const parts = [
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
];
const corsType = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";

describe("Bucket", () => {
  describe("defaults", () => {
    it("keeps every version, encrypts, and is public to nobody", async () => {
      const { one } = await bucket();
      const [versioning, encryption, blocked] = parts.map((type) => one(type).inputs);
      assert.deepEqual(versioning.versioningConfiguration, { status: "Enabled" });
      assert.deepEqual(encryption.rules, [
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
      const { bucket: name, ...blocks } = blocked;
      assert.match(String(name), /^uploads-/);
      assert.deepEqual(blocks, {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    });

    it("keeps older versions for 30 days, and lets no object expire", async () => {
      const { rules } = (await bucket()).one(parts[4]).inputs;
      assert.deepEqual(rules, [
        {
          id: "versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ]);
    });

    it("is never deleted with what it holds", async () => {
      const { one, all } = await bucket();
      const { inputs, options } = one("aws:s3/bucket:Bucket");
      assert.deepEqual([inputs.forceDestroy, options.retainOnDelete], [false, false]);
      assert.deepEqual(all(corsType), []);
    });
  });

  describe("options", () => {
    it("lets objects expire by the beginning of their keys", async () => {
      const { one } = await bucket({ expireDays: { "tmp/": 7, "logs/": 90 }, keepVersionDays: 5 });
      const rules = one(parts[4]).inputs.rules as { readonly expiration?: unknown }[];
      assert.deepEqual(rules.slice(1), [
        { id: "expire1", status: "Enabled", filter: { prefix: "tmp/" }, expiration: { days: 7 } },
        { id: "expire2", status: "Enabled", filter: { prefix: "logs/" }, expiration: { days: 90 } },
      ]);
    });

    it("opens it to pages of other origins, which protection does not hold", async () => {
      const cors = [{ origins: ["https://shop.example.com"], methods: ["PUT"] }] as const;
      const { inputs, options } = (await bucket({ cors })).one(corsType);
      assert.deepEqual(inputs.corsRules, [
        {
          allowedOrigins: ["https://shop.example.com"],
          allowedMethods: ["PUT"],
          maxAgeSeconds: 3000,
        },
      ]);
      assert.equal(options.protect, false);
    });

    it("tells EventBridge of its objects where that is asked, which protection does not hold", async () => {
      const type = "aws:s3/bucketNotification:BucketNotification";
      assert.deepEqual((await bucket()).all(type), []);
      const { inputs, options } = (await bucket({ eventBridge: true })).one(type);
      assert.deepEqual([inputs.eventbridge, options.protect], [true, false]);
    });

    it("stays in AWS with all that keeps it private, where it is retained", async () => {
      const { one } = await bucket({ retain: true });
      for (const type of ["aws:s3/bucket:Bucket", ...parts]) {
        assert.equal(one(type).options.retainOnDelete, true, type);
      }
    });
  });

  describe("security", () => {
    it("talks TLS alone", async () => {
      const { one } = await bucket({ bucketName: "acme-uploads" });
      assert.deepEqual(parsed(one(parts[3]), "policy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: ["arn:aws:s3:::acme-uploads", "arn:aws:s3:::acme-uploads/*"],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    });

    it("permits what tasks do with objects, and nothing that loses a version or changes the bucket", async () => {
      const { value } = await bucket({ bucketName: "acme-uploads" });
      const [onBucket, onObjects] = value.permissions;
      assert.deepEqual(onBucket.actions, ["s3:GetBucketLocation", "s3:ListBucket"]);
      assert.equal(await valueOf(onBucket.resources[0]), "arn:aws:s3:::acme-uploads");
      assert.equal(await valueOf(onObjects.resources[0]), "arn:aws:s3:::acme-uploads/*");
      assert.ok(onObjects.actions.includes("s3:PutObject"));
      assert.ok(!onObjects.actions.some((action) => /\*|Version|Bucket|Acl/.test(action)));
    });
  });

  describe("failures", () => {
    it("fails when days are none, or a CORS rule names nobody", async () => {
      const args = { keepVersionDays: 0, expireDays: { "tmp/": 1.5 } };
      await assert.rejects(bucket({ ...args, cors: [{ origins: [], methods: ["GET"] }] }), {
        message: [
          "Bucket keepVersionDays: given 0; allowed: whole days, 1 or more; name a whole number of days",
          "Bucket expireDays[tmp/]: given 1.5; allowed: whole days, 1 or more; name a whole number of days",
          'Bucket cors[0]: given {"origins":[],"methods":["GET"]}; allowed: an origin and a method at least; name both, as https://shop.example.com and GET',
        ].join("\n"),
      });
    });
  });
});
