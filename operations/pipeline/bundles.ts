import { HeadObjectCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { releaseKey } from "../../contract/names";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { isDenied } from "../denied";

/** Where releases arrive that another environment has promoted. */
export interface ReleaseBucket {
  readonly s3: Pick<S3Client, "send">;
  readonly bucket: string;
  readonly stack: string;
}

/** A release that was promoted into an environment, as its bundle says beside it. Times are ISO 8601, UTC. */
export interface Bundle {
  readonly id: string;
  /** The version of the object that holds it. */
  readonly version: string;
  /** In full. Absent where the bundle does not say. */
  readonly commit?: string;
  readonly createdAt: string;
  /** Absent where S3 does not say. */
  readonly promotedAt?: string;
}

/** How many are asked at once, and at most: a version of an object says what it is by a request of its own. */
const atOnce = 10;
const mostVersions = 50;

/**
 * What was promoted into an environment, newest first: 50 at most, of the 90 days for which bundles are kept.
 * @param isEnough whether no further ones are needed. Default: all are.
 * @throws DeliveryError where there is no such bucket, or its versions may not be read.
 */
export async function promotedBundles(
  from: ReleaseBucket,
  isEnough: (found: readonly Bundle[]) => boolean = () => false,
): Promise<readonly Bundle[]> {
  const versions = await versionsOf(from);
  const found: Bundle[] = [];
  while (versions.length > 0 && !isEnough(found)) {
    const next = await Promise.all(versions.splice(0, atOnce).map((one) => bundleOf(from, one)));
    found.push(...next.flat());
  }
  return found;
}

/** S3 lists the versions of an object from the newest on. */
async function versionsOf({ s3, bucket, stack }: ReleaseBucket): Promise<string[]> {
  try {
    const { Versions: versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: releaseKey, MaxKeys: mostVersions }),
    );
    return versions.flatMap(({ Key, VersionId }) =>
      Key === releaseKey && VersionId !== undefined ? [VersionId] : [],
    );
  } catch (error) {
    if (!isNamed(error, "NoSuchBucket")) throw error;
    throw new DeliveryError(
      `there is no release bucket ${bucket}, in which releases arrive for ${stack}: these credentials are of another account, or ` +
        `it was never made (pulumi up --stack ${stack}). Nothing was done.`,
      [],
      { cause: error },
    );
  }
}

/** Nothing of a version that somebody else has put there, or that is gone by now. */
async function bundleOf(
  { s3, bucket, stack }: ReleaseBucket,
  version: string,
): Promise<readonly Bundle[]> {
  try {
    const { Metadata: metadata = {}, LastModified: arrived } = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: releaseKey, VersionId: version }),
    );
    const { release: id, "created-at": createdAt, commit } = metadata;
    if (!id || !createdAt) return [];
    return [
      {
        ...{ id, version, createdAt },
        ...(commit ? { commit } : {}),
        ...(arrived ? { promotedAt: arrived.toISOString() } : {}),
      },
    ];
  } catch (error) {
    if (isNamed(error, "NotFound") || isNamed(error, "NoSuchVersion")) return [];
    // The answer to HEAD has no body, which would name the right.
    if (!isDenied(error)) throw error;
    throw new DeliveryError(
      `what was promoted to ${stack} may not be looked at: allow s3:GetObjectVersion of arn:aws:s3:::${bucket}/${releaseKey}. ` +
        "Nothing was done.",
      [],
      { cause: error },
    );
  }
}
