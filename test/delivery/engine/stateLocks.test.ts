import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { stateHolders } from "../../../delivery/engine/stateLocks";
import { awsError } from "../support/fakeEcr";

const stack = { project: "shop", stack: "staging" };
const locks = ".pulumi/locks/organization/shop/staging";
/** As Pulumi writes it. */
const lock = JSON.stringify({
  ...{ pid: 4711, username: "root", hostname: "build-1" },
  timestamp: "2026-01-31T12:00:05.123456789Z",
});

/** A bucket with these objects; what it was asked for is in `asked`. */
class Bucket {
  readonly asked: unknown[] = [];

  constructor(private readonly objects: Readonly<Record<string, string | undefined>>) {}

  get client(): S3Client {
    return { send: (command: unknown) => this.send(command) } as unknown as S3Client;
  }

  private async send(command: unknown): Promise<unknown> {
    await Promise.resolve();
    if (command instanceof ListObjectsV2Command) {
      const { Bucket: bucket, Prefix: prefix = "" } = command.input;
      this.asked.push({ bucket, prefix });
      const keys = Object.keys(this.objects).filter((key) => key.startsWith(prefix));
      return { Contents: keys.map((Key) => ({ Key })) };
    }
    assert.ok(command instanceof GetObjectCommand);
    const text = this.objects[command.input.Key ?? ""];
    if (text === undefined) throw awsError("NoSuchKey");
    return { Body: { transformToString: () => Promise.resolve(text) } };
  }
}

describe("the locks of a state that nobody wants to change (row F6)", () => {
  const nothing = new Bucket({}).client;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-locks-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are read from files", async () => {
    const url = `file://${folder}`;
    assert.deepEqual(await stateHolders(url, stack, nothing), []);
    mkdirSync(join(folder, locks), { recursive: true });
    writeFileSync(join(folder, locks, "0f8f.json"), lock);
    writeFileSync(join(folder, locks, "0f8f.json.attrs"), "{}");
    const holders = await stateHolders(url, stack, nothing);
    assert.deepEqual(
      holders?.map(({ user, host, pid, text }) => ({ user, host, pid, text })),
      [
        {
          ...{ user: "root", host: "build-1", pid: 4711 },
          text: "taken by root@build-1 (pid 4711) at 2026-01-31T12:00:05.123456789Z",
        },
      ],
    );
    assert.equal(holders?.[0].at.toISOString(), "2026-01-31T12:00:05.123Z");
    assert.deepEqual(await stateHolders(url, { ...stack, stack: "stag" }, nothing), []);
  });

  for (const [url, prefix] of [
    ["s3://acme-state?region=eu-west-1", ""],
    ["s3://acme-state", ""],
    ["s3://acme-state/teams/shop/?awssdk=v2", "teams/shop/"],
  ]) {
    it(`are read from a bucket: ${url}`, async () => {
      const bucket = new Bucket({ [`${prefix}${locks}/0f8f.json`]: lock });
      const holders = await stateHolders(url, stack, bucket.client);
      assert.deepEqual(
        holders?.map(({ host }) => host),
        ["build-1"],
      );
      assert.deepEqual(bucket.asked, [{ bucket: "acme-state", prefix: `${prefix}${locks}/` }]);
    });
  }

  it("are gone where they were cleared in this moment, or are no locks", async () => {
    const bucket = new Bucket({ [`${locks}/a.json`]: undefined, [`${locks}/b.json`]: "{}" });
    assert.deepEqual(await stateHolders("s3://acme-state", stack, bucket.client), []);
  });

  it("cannot be looked at so in another backend", async () => {
    for (const url of ["https://api.pulumi.com", "gs://acme-state", "azblob://acme", ""]) {
      assert.equal(await stateHolders(url, stack, nothing), undefined);
    }
  });
});
