import { randomUUID } from "node:crypto";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

const Bucket = process.env.ENTRIES_BUCKET;
const files = new S3Client();

/** Keeps an entry of a day, as `2026-01-31`. */
export async function keep(day, entry) {
  const Key = `entries/${day}/${randomUUID()}.json`;
  await files.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(entry) }));
  return Key;
}

export async function read(Key) {
  const { Body } = await files.send(new GetObjectCommand({ Bucket, Key }));
  return Body.transformToString();
}

/** The entries of a day, one after the other. */
export async function* entriesOf(day) {
  let ContinuationToken;
  do {
    const page = await files.send(
      new ListObjectsV2Command({ Bucket, Prefix: `entries/${day}/`, ContinuationToken }),
    );
    for (const { Key } of page.Contents ?? []) yield JSON.parse(await read(Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}

/** The same report again takes the place of the first one. */
export async function report(day, Body) {
  await files.send(new PutObjectCommand({ Bucket, Key: `reports/${day}.txt`, Body }));
}
