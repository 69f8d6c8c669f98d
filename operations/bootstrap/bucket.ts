import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import { DeliveryError, isNamed, messageOf } from "../../delivery/errors";
import { isDenied, unnamedStatus } from "../denied";
import { withRight } from "./rights";
import { isTlsOnly, tlsOnlyPolicy } from "./tlsOnly";

/** What a bucket of state must be, in the order in which it is set. */
export const bucketParts = [
  "publicAccess",
  "versioning",
  "encryption",
  "policy",
  "lifecycle",
] as const;
export type BucketPart = (typeof bucketParts)[number];

/** `there` as it should be, `absent` where nobody has set it, `other` where somebody has set it otherwise. */
export type PartState = "there" | "absent" | "other";

export type FoundBucket = Readonly<Record<BucketPart, PartState>>;

/** A bucket of an account. */
export interface BucketPlace {
  readonly s3: Pick<S3Client, "send">;
  readonly bucket: string;
  readonly region: string;
  readonly accountId: string;
}

/** Days for which an older version of the state is kept: Pulumi writes one at each step of an update. */
export const keepVersionDays = 90;

/**
 * Looks at a bucket.
 * @returns undefined where there is none.
 * @throws DeliveryError where it is another account's, in another region, or may not be looked at.
 */
export async function lookAtBucket(place: BucketPlace): Promise<FoundBucket | undefined> {
  if (!(await isThere(place))) return undefined;
  const parts = await Promise.all(
    bucketParts.map(async (part) => {
      const { right, look } = looks[part];
      const state = await withRight(right, place.bucket, () =>
        look(place).catch((error: unknown) => {
          if (unset.some((name) => isNamed(error, name))) return "absent" as const;
          throw error;
        }),
      );
      return [part, state] as const;
    }),
  );
  return Object.fromEntries(parts) as FoundBucket;
}

/** What S3 calls what nobody has set. */
const unset = [
  "NoSuchPublicAccessBlockConfiguration",
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
];

async function isThere({ s3, bucket, region, accountId }: BucketPlace): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: accountId }));
    return true;
  } catch (error) {
    if (isNamed(error, "NotFound") || isNamed(error, "NoSuchBucket")) return false;
    if (isNamed(error, "PermanentRedirect") || unnamedStatus(error) === 301) {
      throw new DeliveryError(
        `the bucket ${bucket} is not in ${region}: name its region, as s3://${bucket}?region=eu-west-1. Nothing was created`,
        [],
        { cause: error },
      );
    }
    if (!isDenied(error)) throw error;
    throw new DeliveryError(
      `the bucket ${bucket} is there, and is not for these credentials: it is another account's (bucket names are one to all of AWS), or ` +
        `the right s3:ListBucket on it is missing. Name another bucket as backend.url of Pulumi.yaml, or have the right allowed. Nothing was created`,
      [],
      { cause: error },
    );
  }
}

interface Look {
  readonly right: string;
  readonly look: (place: BucketPlace) => Promise<PartState>;
}

const looks: Readonly<Record<BucketPart, Look>> = {
  publicAccess: {
    right: "s3:GetBucketPublicAccessBlock",
    look: async (place) => {
      const { PublicAccessBlockConfiguration: found = {} } = await place.s3.send(
        new GetPublicAccessBlockCommand(of(place)),
      );
      const isWhole = Object.keys(noPublicAccess).every(
        (key) => found[key as keyof typeof noPublicAccess] === true,
      );
      return isWhole ? "there" : "other";
    },
  },
  versioning: {
    right: "s3:GetBucketVersioning",
    look: async (place) => {
      const { Status } = await place.s3.send(new GetBucketVersioningCommand(of(place)));
      if (Status === undefined) return "absent";
      return Status === "Enabled" ? "there" : "other";
    },
  },
  encryption: {
    right: "s3:GetEncryptionConfiguration",
    look: async (place) => {
      const { ServerSideEncryptionConfiguration: found } = await place.s3.send(
        new GetBucketEncryptionCommand(of(place)),
      );
      const by = found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
      // Every bucket that nobody has set has S3's own keys.
      return by === undefined || by === "AES256" ? "absent" : "there";
    },
  },
  policy: {
    right: "s3:GetBucketPolicy",
    look: async (place) => {
      const { Policy } = await place.s3.send(new GetBucketPolicyCommand(of(place)));
      return isTlsOnly(Policy ?? "") ? "there" : "other";
    },
  },
  lifecycle: {
    right: "s3:GetLifecycleConfiguration",
    look: async (place) => {
      const { Rules = [] } = await place.s3.send(
        new GetBucketLifecycleConfigurationCommand(of(place)),
      );
      const ends = Rules.some(
        (rule) => rule.Status === "Enabled" && rule.NoncurrentVersionExpiration,
      );
      return ends ? "there" : "other";
    },
  },
};

/**
 * Makes the bucket.
 * @returns whether it was not there already, as where two people do this at once.
 * @throws DeliveryError where the name is another account's.
 */
export async function makeBucket({ s3, bucket, region }: BucketPlace): Promise<boolean> {
  // The one region that has no constraint, and refuses one.
  const place =
    region === "us-east-1"
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  try {
    await withRight("s3:CreateBucket", bucket, () =>
      // Without access lists, as S3 makes each since April 2023; to ask for it would be another right.
      s3.send(new CreateBucketCommand({ Bucket: bucket, ...place })),
    );
    return true;
  } catch (error) {
    if (isNamed(error, "BucketAlreadyOwnedByYou")) return false;
    if (isNamed(error, "BucketAlreadyExists")) {
      throw new DeliveryError(
        `the bucket ${bucket} is another account's: name another one as backend.url of Pulumi.yaml. Nothing was created`,
        [],
        { cause: error },
      );
    }
    if (isNamed(error, "OperationAborted")) {
      throw new DeliveryError(
        `somebody makes or deletes the bucket ${bucket} at this moment: run the same again in a minute`,
        [messageOf(error)],
        { cause: error },
      );
    }
    throw error;
  }
}

/** Sets a part of a bucket that nobody has set. Twice is as once. */
export async function setBucketPart(place: BucketPlace, part: BucketPart): Promise<void> {
  const { right, set } = sets[part];
  await withRight(right, place.bucket, () => set(place));
}

interface Setting {
  readonly right: string;
  readonly set: (place: BucketPlace) => Promise<unknown>;
}

const noPublicAccess = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

const sets: Readonly<Record<BucketPart, Setting>> = {
  publicAccess: {
    right: "s3:PutBucketPublicAccessBlock",
    set: (place) =>
      place.s3.send(
        new PutPublicAccessBlockCommand({
          ...of(place),
          PublicAccessBlockConfiguration: noPublicAccess,
        }),
      ),
  },
  versioning: {
    right: "s3:PutBucketVersioning",
    set: (place) =>
      place.s3.send(
        new PutBucketVersioningCommand({
          ...of(place),
          VersioningConfiguration: { Status: "Enabled" },
        }),
      ),
  },
  encryption: {
    right: "s3:PutEncryptionConfiguration",
    set: (place) =>
      place.s3.send(
        new PutBucketEncryptionCommand({
          ...of(place),
          ServerSideEncryptionConfiguration: {
            Rules: [
              {
                // By the key that AWS has for S3 in the account: roles need no right of KMS's for it.
                ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" },
                BucketKeyEnabled: true,
              },
            ],
          },
        }),
      ),
  },
  policy: {
    right: "s3:PutBucketPolicy",
    set: (place) =>
      place.s3.send(
        new PutBucketPolicyCommand({
          ...of(place),
          Policy: JSON.stringify(tlsOnlyPolicy(place.bucket, place.region)),
        }),
      ),
  },
  lifecycle: {
    right: "s3:PutLifecycleConfiguration",
    set: (place) =>
      place.s3.send(
        new PutBucketLifecycleConfigurationCommand({
          ...of(place),
          LifecycleConfiguration: {
            Rules: [
              {
                ID: "versions",
                Status: "Enabled",
                Filter: { Prefix: "" },
                NoncurrentVersionExpiration: { NoncurrentDays: keepVersionDays },
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
              },
            ],
          },
        }),
      ),
  },
};

/** Of this account and of nobody else: a name that somebody has taken meanwhile is refused. */
function of({ bucket, accountId }: BucketPlace) {
  return { Bucket: bucket, ExpectedBucketOwner: accountId };
}
