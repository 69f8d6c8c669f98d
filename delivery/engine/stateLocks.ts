import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { isNamed } from "../errors";
import { asJson } from "../issues";
import { lockHolder, type LockHolder } from "./locks";

/** The stack whose state may be locked. */
export interface LockedStack {
  readonly project: string;
  readonly stack: string;
}

/** What Pulumi writes into a lock. */
const lockSchema = z.looseObject({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

/** Where a backend of files or of a bucket keeps the locks of a stack (Pulumi, `pkg/backend/diy/lock.go`). */
function lockFolder({ project, stack }: LockedStack): string {
  return `.pulumi/locks/organization/${project}/${stack}`;
}

/**
 * Who holds the state of a stack, in a backend of files or in an S3 bucket. Pulumi itself tells only who wants to lock it.
 * @param backendUrl such as `s3://acme-state?region=eu-west-1` or `file://~/state`.
 * @returns undefined where the backend is another one, whose locks cannot be looked at so.
 */
export async function stateHolders(
  backendUrl: string,
  stack: LockedStack,
  s3: S3Client,
): Promise<LockHolder[] | undefined> {
  const texts = await lockTexts(backendUrl, lockFolder(stack), s3);
  return texts?.flatMap((text) => {
    const parsed = lockSchema.safeParse(asJson(text));
    if (!parsed.success) return [];
    const { pid, username: user, hostname: host, timestamp } = parsed.data;
    return [lockHolder({ user, host, pid, at: timestamp })];
  });
}

async function lockTexts(
  backendUrl: string,
  folder: string,
  s3: S3Client,
): Promise<string[] | undefined> {
  const [, scheme, path = ""] = /^(file|s3):\/\/([^?]*)/.exec(backendUrl) ?? [];
  if (scheme === "file") {
    const root = path.startsWith("~") ? join(homedir(), path.slice(1)) : path;
    return inFolder(join(root, folder));
  }
  if (scheme !== "s3") return undefined;
  const [bucket, ...prefix] = path.split("/").filter((part) => part !== "");
  return bucket ? inBucket(s3, bucket, [...prefix, folder, ""].join("/")) : undefined;
}

async function inFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const texts = names
    .filter((name) => name.endsWith(".json"))
    // One that is gone by now was cleared in this moment.
    .map((name) => readFile(join(folder, name), "utf8").catch(() => ""));
  return Promise.all(texts);
}

async function inBucket(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const { Contents: objects = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  const keys = objects.flatMap(({ Key: key }) => (key?.endsWith(".json") ? [key] : []));
  return Promise.all(keys.map((key) => textOf(s3, bucket, key)));
}

async function textOf(s3: S3Client, bucket: string, key: string): Promise<string> {
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await body?.transformToString()) ?? "";
  } catch (error) {
    // Cleared in this moment.
    if (isNamed(error, "NoSuchKey")) return "";
    throw error;
  }
}
