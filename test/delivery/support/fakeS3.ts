import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";

/** Objects by `<bucket>/<key>`. Who asks for one that is not there is denied it, as without the right to list. */
export class FakeS3 {
  readonly objects = new Map<string, Buffer>();
  readonly calls: string[] = [];

  get client(): Pick<S3Client, "send"> {
    return { send: ((command: unknown) => this.answer(command)) as S3Client["send"] };
  }

  /** Names of the objects of a bucket whose keys end so. */
  names(bucket: string, ending = ""): string[] {
    return [...this.objects.keys()].filter(
      (name) => name.startsWith(`${bucket}/`) && name.endsWith(ending),
    );
  }

  private answer(command: unknown): Promise<unknown> {
    return new Promise((resolve) => resolve(this.answerNow(command)));
  }

  private answerNow(command: unknown): unknown {
    if (command instanceof PutObjectCommand) {
      const { ChecksumSHA256: checksum, Body: body = "" } = command.input;
      const content = Buffer.from(body as Buffer | string);
      const hash = createHash("sha256").update(content).digest("base64");
      if (checksum !== undefined && checksum !== hash) throw named("BadDigest");
      this.calls.push(`put ${nameOf(command.input)}`);
      this.objects.set(nameOf(command.input), content);
      return {};
    }
    if (command instanceof HeadObjectCommand) {
      const content = this.objects.get(nameOf(command.input));
      if (!content) throw named("403");
      return { ContentLength: content.length };
    }
    if (command instanceof GetObjectCommand) {
      const content = this.objects.get(nameOf(command.input));
      if (!content) throw named("AccessDenied");
      this.calls.push(`get ${nameOf(command.input)}`);
      const text = { transformToString: () => Promise.resolve(content.toString()) };
      return { Body: Object.assign(Readable.from([content]), text) };
    }
    throw new Error("not taught");
  }
}

interface Named {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
}

const nameOf = ({ Bucket, Key }: Named) => `${Bucket}/${Key}`;

function named(name: string): Error {
  return Object.assign(new Error(`${name} of the bucket`), { name });
}
