import type { Backend } from "./backend";
import { bucketParts, keepVersionDays, type BucketPart, type FoundBucket } from "./bucket";
import type { PlanItem } from "./plan";

type Bucket = Extract<Backend, { readonly kind: "s3" }>;

const said: Readonly<Record<BucketPart, string>> = {
  publicAccess: "closed to the public",
  versioning: "keeps versions",
  encryption: "encrypts by KMS",
  policy: "talks TLS alone",
  lifecycle: `lets older versions go after ${keepVersionDays} days`,
};

const storageCost = "0.023 USD a GB and month: some cents (Amazon S3 pricing, Standard)";

/**
 * What a plan says of the bucket of the state.
 * @param bucket undefined where there is none.
 */
export function bucketItems(backend: Bucket, bucket: FoundBucket | undefined): PlanItem[] {
  const { bucket: name, region, isOwn } = backend;
  const parts = (meant: readonly BucketPart[]) => meant.map((part) => said[part]).join(", ");
  if (bucket === undefined) {
    const make: PlanItem = {
      status: "make",
      what: `bucket ${name} in ${region}, for the state`,
      cost: storageCost,
      step: { do: "makeBucket" },
    };
    if (isOwn) return [make, ...bucketParts.map(settingItem)];
    return [
      {
        status: "yours",
        what: `the bucket ${name}, which config names for the state, is not there`,
        fix: [
          `make it, or take its name out of Pulumi.yaml and of gantry:pipeline.state.backendUrl: then Gantry makes one`,
        ],
      },
    ];
  }
  const there = bucketParts.filter((part) => bucket[part] === "there");
  // Of a bucket of Gantry's name, what nobody has set is what a run that was killed has left.
  const missing = bucketParts.filter((part) => isOwn && bucket[part] === "absent");
  const others = bucketParts.filter((part) => !there.includes(part) && !missing.includes(part));
  return [
    {
      status: "there",
      what: `bucket ${name}, for the state${there.length > 0 ? `: ${parts(there)}` : ""}`,
    },
    ...missing.map(settingItem),
    ...others.map((part): PlanItem => ({
      status: "differs",
      what: `bucket ${name} is not as it should be (${said[part]}), and is left as it is`,
      fix: [bucketFix(part, backend)],
    })),
  ];
}

function settingItem(part: BucketPart): PlanItem {
  return {
    status: "make",
    what: `its setting: ${said[part]}`,
    step: { do: "setBucketPart", part },
  };
}

function bucketFix(part: BucketPart, { bucket, region }: Bucket): string {
  const s3 = (command: string, rest: string) =>
    `aws s3api ${command} --region ${region} --bucket ${bucket} ${rest}`;
  switch (part) {
    case "publicAccess":
      return s3(
        "put-public-access-block",
        "--public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
      );
    case "versioning":
      return s3("put-bucket-versioning", "--versioning-configuration Status=Enabled");
    case "encryption":
      return s3(
        "put-bucket-encryption",
        `--server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms"},"BucketKeyEnabled":true}]}'`,
      );
    case "policy":
      return `add to its policy: { "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::${bucket}", "arn:aws:s3:::${bucket}/*"], "Condition": { "Bool": { "aws:SecureTransport": "false" } } }`;
    case "lifecycle":
      return `add to its lifecycle a rule that lets versions go that are not the newest: NoncurrentVersionExpiration of ${keepVersionDays} days`;
  }
}
