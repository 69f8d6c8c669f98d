import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { unzipSync } from "fflate";
import { configKey } from "../../contract/names";
import { configZip } from "../../delivery/configZip";
import { DeliveryError, isNamed, messageOf } from "../../delivery/errors";
import { stackFileName } from "../../delivery/projectFolder";
import { isDenied } from "../denied";
import { addressOf, type ConfigPlace } from "./place";

type S3 = Pick<S3Client, "send">;

/** A version of a stack's file in the bucket. */
export interface StoredConfig {
  readonly content: Buffer;
  /** As S3 calls it. */
  readonly version: string;
  readonly etag: string;
  /** Who put it there: the ARN of a person or a role. Absent where it does not say. */
  readonly by?: string;
  /** ISO 8601, UTC. Absent where S3 does not say. */
  readonly at?: string;
}

/** Of the object and of the file in it: CodePipeline gives actions more, but no stack's file is longer. */
const mostBytes = 1024 * 1024;

/**
 * The newest version, or the one that is meant.
 * @returns undefined where the bucket has none of the stack.
 * @throws DeliveryError where it may not be read, or holds something else.
 */
export async function readStored(
  s3: S3,
  place: ConfigPlace,
  version?: string,
): Promise<StoredConfig | undefined> {
  const { bucket, key } = place;
  try {
    const found = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }),
    );
    if ((found.ContentLength ?? 0) > mostBytes) throw notMadeByPush(place);
    const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
    const { VersionId: newest = "null", ETag: etag = "" } = found;
    return { content: fileIn(bytes, place), version: newest, etag, ...writing(found) };
  } catch (error) {
    if (isNamed(error, "NoSuchKey") && version === undefined) return undefined;
    const unknown = ["NoSuchKey", "NoSuchVersion", "MethodNotAllowed"];
    const isBadId = version !== undefined && isNamed(error, "InvalidArgument");
    if (isBadId || unknown.some((name) => isNamed(error, name))) {
      throw new DeliveryError(
        `${addressOf(place)} has no version ${String(version)}: aws s3api list-object-versions --region ${place.region} --bucket ${bucket} --prefix ${key} lists them. Nothing was done`,
      );
    }
    throw refusal(error, place, version === undefined ? "s3:GetObject" : "s3:GetObjectVersion");
  }
}

/** {@link readStored} of the newest, without its content. @throws DeliveryError where it may not be asked. */
export async function headStored(
  s3: S3,
  { bucket, key }: Pick<ConfigPlace, "bucket" | "key">,
): Promise<Omit<StoredConfig, "content"> | undefined> {
  try {
    const found = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { version: found.VersionId ?? "null", ...writing(found), etag: found.ETag ?? "" };
  } catch (error) {
    if (isNamed(error, "NotFound")) return undefined;
    if (!isDenied(error)) throw error;
    throw new DeliveryError(
      `these credentials may not: allow s3:GetObject of arn:aws:s3:::${bucket}/${key}, and s3:ListBucket of the bucket`,
    );
  }
}

function writing({
  Metadata: metadata = {},
  LastModified: at,
}: Pick<HeadObjectCommandOutput, "Metadata" | "LastModified">) {
  return {
    ...(metadata.by ? { by: metadata.by } : {}),
    ...(at ? { at: at.toISOString() } : {}),
  };
}

function fileIn(bytes: Uint8Array, place: ConfigPlace): Buffer {
  const name = stackFileName(place.stack);
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, { filter: ({ originalSize }) => originalSize <= mostBytes });
  } catch {
    throw notMadeByPush(place);
  }
  if (Object.keys(files).length !== 1 || !Object.hasOwn(files, name)) throw notMadeByPush(place);
  return Buffer.from(files[name]);
}

function notMadeByPush(place: ConfigPlace): DeliveryError {
  return new DeliveryError(
    `${addressOf(place)} is not what gantry config push makes, a ZIP file of ${stackFileName(place.stack)} alone: somebody else put it there. ` +
      `Nothing was done. An earlier version of it may be (gantry config pull --version-id)`,
  );
}

/** The stacks of the project that the bucket has; none where that may not be looked at. */
export async function storedStacks(s3: S3, { bucket, project }: ConfigPlace): Promise<string[]> {
  try {
    const { Contents: found = [] } = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: configKey(project, "").slice(0, -".zip".length),
      }),
    );
    return found.flatMap(({ Key = "" }) => /\/([^/]+)\.zip$/.exec(Key)?.[1] ?? []);
  } catch {
    return [];
  }
}

/** @throws DeliveryError where the bucket does not keep every version. */
export async function requireVersions(s3: S3, place: ConfigPlace): Promise<void> {
  const { bucket, region } = place;
  let status: string | undefined;
  try {
    ({ Status: status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket })));
  } catch (error) {
    throw refusal(error, place, "s3:GetBucketVersioning");
  }
  if (status === "Enabled") return;
  throw new DeliveryError(
    `the bucket ${bucket} does not keep versions, without which CodePipeline takes nothing from it and nobody can go back: ` +
      `aws s3api put-bucket-versioning --region ${region} --bucket ${bucket} --versioning-configuration Status=Enabled. Nothing was done`,
  );
}

/** What is written, and on which condition. */
export interface Write {
  readonly content: Buffer;
  /** Who writes it. */
  readonly by: string;
  /** ETag of the version whose place it takes; undefined for none. */
  readonly after: string | undefined;
}

/**
 * @returns what it is there; undefined where somebody else has written meanwhile.
 * @throws DeliveryError where it may not be written.
 */
export async function writeStored(
  s3: S3,
  place: ConfigPlace,
  { content, by, after }: Write,
): Promise<StoredConfig | undefined> {
  const { bucket, key, stack } = place;
  try {
    const { VersionId: version = "null", ETag: etag = "" } = await s3.send(
      new PutObjectCommand({
        ...{ Bucket: bucket, Key: key, Body: configZip(stack, content) },
        ...{ ContentType: "application/zip", Metadata: { by } },
        ...(after === undefined ? { IfNoneMatch: "*" } : { IfMatch: after }),
      }),
    );
    return { content, version, etag, by };
  } catch (error) {
    // The object was written, is being written, or was deleted ("Conditional writes", Amazon S3 user guide).
    const overtaken = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];
    if (overtaken.some((name) => isNamed(error, name))) return undefined;
    throw refusal(error, place, "s3:PutObject");
  }
}

function refusal(error: unknown, place: ConfigPlace, right: string): unknown {
  const { bucket, key, region, stack } = place;
  const told = (text: string, details: readonly string[] = []) =>
    new DeliveryError(`${text}. Nothing was done`, details, { cause: error });
  if (isNamed(error, "NoSuchBucket")) {
    return told(
      `there is no bucket ${bucket}: name the one that has the config of ${stack} (--bucket, or gantry:pipeline.config.bucket), or make it; ` +
        "what gantry bootstrap makes for the state will do",
    );
  }
  if (["PermanentRedirect", "AuthorizationHeaderMalformed"].some((name) => isNamed(error, name))) {
    return told(
      `the bucket ${bucket} is not in ${region}, where ${stack} is: CodePipeline takes sources of its own region alone. Name another one`,
    );
  }
  if (["AccessDenied", "Forbidden", "403"].some((name) => isNamed(error, name))) {
    const resource = right === "s3:GetBucketVersioning" ? bucket : `${bucket}/${key}`;
    const also =
      right === "s3:GetObject"
        ? " (and s3:ListBucket of the bucket: without it, what is not there looks forbidden)"
        : "";
    return told(
      `these credentials may not: allow ${right} of arn:aws:s3:::${resource}${also}, and where the bucket has a key of your own, that too`,
      [messageOf(error)],
    );
  }
  return error;
}
