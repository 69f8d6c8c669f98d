import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { stateBucket } from "../../../rehearsal/stateBucket";

/** Pulumi's state of a stack, as its objects in the bucket are. */
export class StateFiles {
  private readonly file: string;
  private readonly lockFolder: string;

  constructor(
    private readonly s3: S3Client,
    stack: string,
  ) {
    this.file = `.pulumi/stacks/gantry/${stack}.json`;
    this.lockFolder = `.pulumi/locks/organization/gantry/${stack}/`;
  }

  async read(): Promise<unknown> {
    const command = new GetObjectCommand({ Bucket: stateBucket, Key: this.file });
    const { Body } = await this.s3.send(command);
    return JSON.parse((await Body?.transformToString()) ?? "null");
  }

  write(state: unknown): Promise<void> {
    return this.put(this.file, state);
  }

  /** The keys of locks that are held. */
  async locks(): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: stateBucket, Prefix: this.lockFolder }),
    );
    return Contents.map(({ Key = "" }) => Key).filter((key) => key.endsWith(".json"));
  }

  /** Locks the state as an update of somebody else does; `remove` ends it. */
  async lock(holder: {
    readonly hostname: string;
    readonly username: string;
    readonly pid?: number;
  }): Promise<{ remove(): Promise<void> }> {
    const key = `${this.lockFolder}0f8fad5b-d9cb-469f-a165-70867728950e.json`;
    await this.put(key, { pid: 1, timestamp: new Date().toISOString(), ...holder });
    const remove = async () => {
      await this.s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key: key }));
    };
    return { remove };
  }

  private async put(key: string, content: unknown): Promise<void> {
    const body = JSON.stringify(content);
    await this.s3.send(new PutObjectCommand({ Bucket: stateBucket, Key: key, Body: body }));
  }
}
