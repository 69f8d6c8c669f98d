import { allowsAnybody, namesOf, statementsOf, type Statement } from "../documents";
import { when, type Resource, type Rule } from "../rule";
import type { Stack } from "../stack";
import { at, isEmpty, isOff, isOn, items, notKnown, textOf } from "../values";

// With V2: names of resources before @pulumi/aws 7.
const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const acls = ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"];
const policies = ["aws:s3/bucketPolicy:BucketPolicy"];
const accessBlocks = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"];
const loggings = ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"];
const versionings = [
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketVersioningV2:BucketVersioningV2",
];
const accountBlocks = ["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"];

const switches = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];

export const s3Rules: readonly Rule[] = [
  {
    name: "s3-public-acl",
    severity: "critical",
    because: "A public ACL lets everybody on the internet read or write the objects of a bucket.",
    fix: "leave acl out, and let CloudFront or presigned URLs hand out what is meant for everybody",
    types: [...buckets, ...acls],
    check: ({ properties: { acl } }) =>
      when(/^(public-|authenticated-read)/.test(textOf(acl) ?? ""), `acl is ${String(acl)}`),
  },
  {
    name: "s3-public-policy",
    severity: "critical",
    because: "A bucket policy for everybody publishes the objects of a bucket.",
    fix: "name the roles as principals, or CloudFront with aws:SourceArn of the distribution",
    types: [...buckets, ...policies],
    check: ({ properties: { policy } }) =>
      statementsOf(policy)
        .filter(allowsAnybody)
        .map((statement) => `the policy lets everybody do ${namesOf(statement)}`),
  },
  {
    name: "s3-public-access-block",
    severity: "high",
    because: "With a public access block no later policy or ACL can publish a bucket by mistake.",
    fix: `set ${switches.join(", ")} to true`,
    types: [...accessBlocks, ...accountBlocks],
    check: ({ properties }) => {
      const off = switches.filter((name) => isOff(properties[name]));
      return when(off.length > 0, `${off.join(", ")} not true`);
    },
  },
  {
    name: "s3-access-block-missing",
    severity: "medium",
    because: "S3 blocks public access to new buckets, but only one that is declared stays so.",
    fix: "add an aws.s3.BucketPublicAccessBlock of the bucket with all four switches on",
    types: buckets,
    checkInStack: (bucket, stack) =>
      when(
        companions(bucket, stack, accessBlocks).length === 0 &&
          stack.all(accountBlocks).length === 0 &&
          !stack.mayBeAbout(bucket, accessBlocks, "bucket"),
        "no BucketPublicAccessBlock is about the bucket",
      ),
  },
  {
    name: "s3-tls-only",
    severity: "high",
    because:
      "Without a policy that denies plain HTTP, S3 answers it, and objects can be read on the way.",
    fix: 'add a statement to its aws.s3.BucketPolicy: Deny, Principal "*", Action "s3:*", of the bucket and its objects, Condition { Bool: { "aws:SecureTransport": "false" } }',
    types: buckets,
    checkInStack: (bucket, stack) => {
      const documents = [
        bucket.properties.policy,
        ...companions(bucket, stack, policies).map(({ properties }) => properties.policy),
      ];
      // A policy with what only AWS knows is not known before the update.
      const isSettled =
        !documents.slice(1).includes(notKnown) && !stack.mayBeAbout(bucket, policies, "bucket");
      const denies = documents.flatMap(statementsOf).some(deniesPlainHttp);
      return when(isSettled && !denies, "no policy denies requests without TLS");
    },
  },
  {
    name: "s3-versioning",
    severity: "high",
    because: "Without versions an object that is overwritten or deleted by mistake is gone.",
    fix: "add an aws.s3.BucketVersioning of the bucket with status Enabled",
    types: buckets,
    checkInStack: (bucket, stack) => {
      const own = at(bucket.properties, "versioning", "enabled");
      const found = companions(bucket, stack, versionings).map(({ properties }) =>
        at(properties, "versioningConfiguration", "status"),
      );
      const isThere = isOn(own) || found.some((is) => is === "Enabled" || is === notKnown);
      return when(!isThere && !stack.mayBeAbout(bucket, versionings, "bucket"), "versions are off");
    },
  },
  {
    name: "s3-access-logs",
    severity: "low",
    because: "Without access logs nobody can tell later who has read what.",
    fix: "add an aws.s3.BucketLogging of the bucket, or data events to a trail of CloudTrail",
    types: buckets,
    inProduction: true,
    checkInStack: (bucket, stack) =>
      when(
        isEmpty(bucket.properties.loggings) &&
          isEmpty(bucket.properties.logging) &&
          companions(bucket, stack, loggings).length === 0 &&
          // Logs of the bucket of logs would be logs of themselves: S3 advises against it.
          stack.about(bucket, loggings, "targetBucket", ["bucket"]).length === 0 &&
          stack.all(["aws:cloudtrail/trail:Trail"]).length === 0,
        "no request to the bucket is logged",
      ),
  },
  {
    name: "s3-force-destroy",
    severity: "high",
    because:
      "With forceDestroy a bucket that is removed from the program goes with every object in it.",
    fix: "leave forceDestroy out, and empty a bucket by hand before it goes",
    types: buckets,
    inProduction: true,
    check: ({ properties }) => when(isOn(properties.forceDestroy), "forceDestroy is on"),
  },
];

function companions(bucket: Resource, stack: Stack, types: readonly string[]) {
  return stack.about(bucket, types, "bucket", ["bucket"]);
}

function deniesPlainHttp({ allows, actions, principals, conditions }: Statement): boolean {
  return (
    !allows &&
    principals.some(({ name }) => name === "*") &&
    actions.some((action) => action === "*" || action === "s3:*") &&
    conditions.some(
      ({ operator, key, values }) =>
        /^Bool/.test(operator) && key === "aws:securetransport" && items(values).includes("false"),
    )
  );
}
