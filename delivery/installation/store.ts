import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { InstallationPart } from "../../contract/installation";
import { DeliveryError, isNamed, messageOf } from "../errors";

/** Where archives are kept by the hash of their content, and what was made for which key. */
export class InstallationStore {
  private readonly bucket: string;
  private readonly prefix: string;

  /**
   * @param url `s3://<bucket>/<prefix>`.
   * @throws DeliveryError where it is none.
   */
  constructor(
    private readonly s3: Pick<S3Client, "send">,
    readonly url: string,
  ) {
    const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+?)\/*$/.exec(url) ?? [];
    if (bucket === undefined || prefix === undefined) {
      throw new DeliveryError(
        `installations are kept in S3, and ${url} is no place there: give s3://<bucket>/<prefix>`,
      );
    }
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /** Whether an archive is there. Whoever may not list the bucket is denied what is not there: that is no. */
  async has({ sha256, bytes }: InstallationPart): Promise<boolean> {
    try {
      const head = await this.s3.send(new HeadObjectCommand(this.object(archiveName(sha256))));
      return head.ContentLength === bytes;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** Puts an archive there. S3 itself compares what arrives with the hash. */
  async put(file: string): Promise<InstallationPart> {
    // In memory, so that it can be sent again: an archive has some hundred megabytes.
    const body = await readFile(file);
    const hash = createHash("sha256").update(body).digest();
    const sha256 = hash.toString("hex");
    await this.s3.send(
      new PutObjectCommand({
        ...this.object(archiveName(sha256)),
        Body: body,
        ContentType: "application/gzip",
        ChecksumSHA256: hash.toString("base64"),
      }),
    );
    return { sha256, bytes: body.length };
  }

  /**
   * Fetches an archive into a file.
   * @throws DeliveryError where it is not there, or is not what its name says: the file is then of no use.
   */
  async get({ sha256 }: InstallationPart, file: string): Promise<void> {
    const address = `${this.url}/${archiveName(sha256)}`;
    try {
      const { Body: body } = await this.s3.send(
        new GetObjectCommand(this.object(archiveName(sha256))),
      );
      // In Node the SDK answers with a stream of Node's.
      await pipeline(body as Readable, createWriteStream(file));
    } catch (error) {
      throw new DeliveryError(
        `${address} cannot be had: ${messageOf(error).replace(/\.$/, "")}`,
        [],
        {
          cause: error,
        },
      );
    }
    if ((await hashOf(file)) !== sha256) {
      throw new DeliveryError(
        `${address} is not what was kept there: its content has another hash`,
      );
    }
  }

  /** What was made for a key; undefined where nothing was. */
  async find(key: string): Promise<unknown> {
    try {
      const { Body: body } = await this.s3.send(new GetObjectCommand(this.object(keyName(key))));
      return JSON.parse((await body?.transformToString()) ?? "");
    } catch (error) {
      if (isAbsent(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Notes what was made for a key. */
  async note(key: string, made: object): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({
        ...this.object(keyName(key)),
        Body: `${JSON.stringify(made)}\n`,
        ContentType: "application/json",
      }),
    );
  }

  private object(name: string) {
    return { Bucket: this.bucket, Key: `${this.prefix}/${name}` };
  }
}

const archiveName = (sha256: string) => `${sha256}.tar.gz`;
const keyName = (key: string) => `keys/${key}.json`;

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

function isAbsent(error: unknown): boolean {
  return ["NoSuchKey", "NotFound", "AccessDenied", "Forbidden", "403"].some((name) =>
    isNamed(error, name),
  );
}
