import * as aws from "@pulumi/aws";
import { account, keyArn, policy, type Fault } from "./fault";

const plainHttp = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

function bucketWith(name: string, ...statements: readonly object[]) {
  const bucket = new aws.s3.Bucket(name);
  new aws.s3.BucketPolicy(`${name}-policy`, { bucket: bucket.id, policy: policy(...statements) });
  return bucket;
}

function blocked(name: string, on: boolean) {
  const bucket = new aws.s3.Bucket(`${name}-bucket`);
  return new aws.s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: on,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
}

function versioned(name: string, status: "Enabled" | "Suspended") {
  const bucket = new aws.s3.Bucket(name);
  new aws.s3.BucketVersioning(`${name}-versions`, {
    bucket: bucket.bucket,
    versioningConfiguration: { status },
  });
  return bucket;
}

function table(name: string, args: Partial<aws.dynamodb.TableArgs>) {
  const attributes = [{ name: "id", type: "S" }];
  return new aws.dynamodb.Table(name, { hashKey: "id", attributes, ...args });
}

function fileSystem(name: string, status?: string) {
  const made = new aws.efs.FileSystem(name, { encrypted: true });
  if (status !== undefined) {
    const args = { fileSystemId: made.id, backupPolicy: { status } };
    new aws.efs.BackupPolicy(`${name}-backups`, args);
  }
  return made;
}

const anybodyReads = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };

export const storageFaults: readonly Fault[] = [
  {
    rule: "s3-public-acl",
    says: /acl is public-read/,
    wrong: (name) => new aws.s3.BucketAcl(name, { bucket: "assets", acl: "public-read" }),
    right: (name) => new aws.s3.BucketAcl(name, { bucket: "assets", acl: "private" }),
  },
  {
    rule: "s3-public-acl",
    says: /acl is authenticated-read/,
    wrong: (name) => new aws.s3.Bucket(name, { acl: "authenticated-read" }),
    right: (name) => new aws.s3.Bucket(name, { acl: "private" }),
  },
  {
    rule: "s3-public-policy",
    says: /everybody do s3:GetObject/,
    wrong: (name) =>
      new aws.s3.BucketPolicy(name, { bucket: "assets", policy: policy(anybodyReads) }),
    right: (name) =>
      new aws.s3.BucketPolicy(name, {
        bucket: "assets",
        policy: policy({
          ...anybodyReads,
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-acme" } },
        }),
      }),
  },
  {
    rule: "s3-public-policy",
    says: /everybody do s3:GetObject/,
    // A condition that everybody meets.
    wrong: (name) =>
      new aws.s3.BucketPolicy(name, {
        bucket: "assets",
        policy: policy({
          ...anybodyReads,
          Principal: { AWS: ["*"] },
          Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
        }),
      }),
    right: (name) =>
      new aws.s3.BucketPolicy(name, {
        bucket: "assets",
        policy: policy({ ...anybodyReads, Principal: { AWS: account } }),
      }),
  },
  {
    rule: "s3-public-access-block",
    says: /blockPublicPolicy not true/,
    wrong: (name) => blocked(name, false),
    right: (name) => blocked(name, true),
  },
  {
    rule: "s3-access-block-missing",
    says: /no BucketPublicAccessBlock/,
    wrong: (name) => new aws.s3.Bucket(name),
    right: (name) => {
      const bucket = new aws.s3.Bucket(name);
      new aws.s3.BucketPublicAccessBlock(`${name}-block`, { bucket: bucket.id });
      return bucket;
    },
  },
  {
    rule: "s3-tls-only",
    says: /no policy denies requests without TLS/,
    wrong: (name) => new aws.s3.Bucket(name),
    right: (name) => bucketWith(name, plainHttp),
  },
  {
    rule: "s3-tls-only",
    says: /no policy denies requests without TLS/,
    // It denies what comes by TLS.
    wrong: (name) =>
      bucketWith(name, {
        ...plainHttp,
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      }),
    right: (name) => bucketWith(name, anybodyReads, plainHttp),
  },
  {
    rule: "s3-versioning",
    says: /versions are off/,
    wrong: (name) => new aws.s3.Bucket(name),
    right: (name) => versioned(name, "Enabled"),
  },
  {
    rule: "s3-versioning",
    says: /versions are off/,
    wrong: (name) => versioned(name, "Suspended"),
    right: (name) => new aws.s3.Bucket(name, { versioning: { enabled: true } }),
  },
  {
    rule: "s3-access-logs",
    says: /no request to the bucket is logged/,
    wrong: (name) => new aws.s3.Bucket(name),
    right: (name) => {
      const bucket = new aws.s3.Bucket(name);
      const logs = { bucket: bucket.id, targetBucket: "acme-logs", targetPrefix: "assets/" };
      new aws.s3.BucketLogging(`${name}-logging`, logs);
      return bucket;
    },
  },
  {
    rule: "s3-access-logs",
    says: /no request to the bucket is logged/,
    wrong: (name) => {
      const bucket = new aws.s3.Bucket(name);
      new aws.s3.BucketLogging(`${name}-logging`, {
        ...{ bucket: "acme-uploads", targetBucket: "acme-logs", targetPrefix: "uploads/" },
      });
      return bucket;
    },
    right: (name) => {
      const bucket = new aws.s3.Bucket(name);
      new aws.s3.BucketLogging(`${name}-logging`, {
        ...{ bucket: "acme-uploads", targetBucket: bucket.bucket, targetPrefix: "uploads/" },
      });
      return bucket;
    },
  },
  {
    rule: "s3-force-destroy",
    says: /forceDestroy is on/,
    wrong: (name) => new aws.s3.Bucket(name, { forceDestroy: true }),
    right: (name) => new aws.s3.Bucket(name, { forceDestroy: false }),
  },
  {
    rule: "efs-encrypted",
    says: /not encrypted/,
    wrong: (name) => new aws.efs.FileSystem(name),
    right: (name) => new aws.efs.FileSystem(name, { encrypted: true }),
  },
  {
    rule: "efs-backups",
    says: /not backed up/,
    wrong: (name) => fileSystem(name),
    right: (name) => fileSystem(name, "ENABLED"),
  },
  {
    rule: "efs-backups",
    says: /not backed up/,
    wrong: (name) => fileSystem(name, "DISABLED"),
    right: (name) => fileSystem(name, "ENABLED"),
  },
  {
    rule: "dynamodb-recovery",
    says: /no earlier state/,
    wrong: (name) => table(name, {}),
    right: (name) => table(name, { pointInTimeRecovery: { enabled: true } }),
  },
  {
    rule: "dynamodb-deletion-protection",
    says: /it can be deleted/,
    wrong: (name) => table(name, {}),
    right: (name) => table(name, { deletionProtectionEnabled: true }),
  },
  {
    rule: "protect",
    says: /Pulumi may delete it/,
    wrong: (name) => table(name, {}),
    right: (name) =>
      new aws.dynamodb.Table(
        name,
        { hashKey: "id", attributes: [{ name: "id", type: "S" }] },
        { protect: true },
      ),
  },
  {
    rule: "tags",
    says: /it has no tags/,
    wrong: (name) => new aws.s3.Bucket(name),
    right: (name) => new aws.s3.Bucket(name, { tags: { team: "shop" } }),
  },
  {
    rule: "opensearch-encrypted",
    says: /nodeToNodeEncryption\.enabled is not true/,
    wrong: (name) =>
      new aws.opensearch.Domain(name, {
        encryptAtRest: { enabled: true, kmsKeyId: keyArn },
        domainEndpointOptions: { enforceHttps: true },
      }),
    right: (name) =>
      new aws.opensearch.Domain(name, {
        encryptAtRest: { enabled: true },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true },
      }),
  },
];
