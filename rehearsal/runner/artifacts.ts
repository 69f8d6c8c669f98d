import { randomBytes } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ClientSettings } from "./connection";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import type { Pipeline } from "./pipelines";
import type { ArtifactRun } from "./run";

/** How many characters of the names stand in an artifact's key: CodePipeline's own limits, which policies must suit. */
const pipelineCharacters = 20;
const artifactCharacters = 10;

/**
 * The artifacts of one execution, in the pipeline's bucket: zips, put and got with the keys of whichever action asks.
 */
export class Artifacts {
  private readonly keys = new Map<string, string>();

  constructor(private readonly pipeline: Pipeline) {}

  /** @throws ActionError where the role may not write the object. */
  async put(settings: ClientSettings, name: string, archive: Uint8Array): Promise<ArtifactRun> {
    const { bucket, encryptionKey } = this.pipeline.artifactStore;
    const folder = `${this.pipeline.name.slice(0, pipelineCharacters)}/${name.slice(0, artifactCharacters)}`;
    const key = `${folder}/${randomBytes(5).toString("base64url").slice(0, 7)}`;
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: archive,
      ServerSideEncryption: encryptionKey ? "aws:kms" : undefined,
      SSEKMSKeyId: encryptionKey,
    });
    await this.s3(settings, `the artifact ${name} cannot be written to`, key, (s3) => s3.send(put));
    this.keys.set(name, key);
    return { name, key, bytes: archive.byteLength };
  }

  /** @throws ActionError where no action before has made it, or the role may not read it. */
  async get(settings: ClientSettings, name: string): Promise<Uint8Array> {
    const key = this.keys.get(name);
    if (key === undefined) throw new ActionError(`no action has made the artifact ${name}`);
    const get = new GetObjectCommand({ Bucket: this.pipeline.artifactStore.bucket, Key: key });
    return this.s3(settings, `the artifact ${name} cannot be read from`, key, async (s3) => {
      const { Body } = await s3.send(get);
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    });
  }

  private async s3<T>(
    settings: ClientSettings,
    failure: string,
    key: string,
    work: (client: S3Client) => Promise<T>,
  ): Promise<T> {
    const client = new S3Client({ ...settings, forcePathStyle: true });
    try {
      return await work(client);
    } catch (error) {
      const { bucket } = this.pipeline.artifactStore;
      const name = error instanceof Error ? `${error.name}: ` : "";
      throw new ActionError(`${failure} s3://${bucket}/${key}: ${name}${messageOf(error)}`);
    } finally {
      client.destroy();
    }
  }
}
