import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import type { ConfigPlace } from "../../../operations/configStore/place";
import {
  headStored,
  readStored,
  requireVersions,
  writeStored,
} from "../../../operations/configStore/store";

const place: ConfigPlace = {
  ...{ folder: "/shop", file: "/shop/Pulumi.staging.yaml", stack: "staging", project: "shop" },
  ...{ bucket: "acme-config", key: "config/shop/staging.zip", region: "eu-west-1" },
};
const write = { content: Buffer.from("config: {}\n"), by: "arn:aws:iam::1:user/ada" };

/** S3, which answers everything by an error of this name. */
function refusing(name: string) {
  const send = () => Promise.reject(Object.assign(new Error(`${name} it is`), { name }));
  return { send } as unknown as Parameters<typeof readStored>[0];
}

async function told(work: Promise<unknown>): Promise<string> {
  const refused: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(refused instanceof DeliveryError, String(refused));
  return [refused.message, ...refused.details].join("\n");
}

describe("a refusal of the bucket that has a stack's file", () => {
  const calls = {
    read: (name: string) => readStored(refusing(name), place),
    "read of a version": (name: string) => readStored(refusing(name), place, "v-1"),
    write: (name: string) => writeStored(refusing(name), place, { ...write, after: "etag" }),
    "look at versions": (name: string) => requireVersions(refusing(name), place),
  };

  for (const [call, right] of [
    [
      "read",
      /allow s3:GetObject of arn:aws:s3:::acme-config\/config\/shop\/staging\.zip.*ListBucket/,
    ],
    ["read of a version", /allow s3:GetObjectVersion of arn:aws:s3:::acme-config\/config\/shop/],
    ["write", /allow s3:PutObject of arn:aws:s3:::acme-config\/config\/shop/],
    ["look at versions", /allow s3:GetBucketVersioning of arn:aws:s3:::acme-config,/],
  ] as const) {
    it(`names the right that is missing: ${call}`, async () => {
      const text = await told(calls[call]("AccessDenied"));
      assert.match(text, right);
      assert.match(text, /Nothing was done\nAccessDenied it is$/);
    });

    it(`says where the bucket is not, or is elsewhere: ${call}`, async () => {
      assert.match(await told(calls[call]("NoSuchBucket")), /there is no bucket acme-config/);
      assert.match(await told(calls[call]("PermanentRedirect")), /is not in eu-west-1/);
    });

    it(`leaves what is none of ours as it is: ${call}`, async () => {
      await assert.rejects(calls[call]("SlowDown"), { name: "SlowDown" });
    });
  }

  it("names the right that is missing where the answer has a status alone", async () => {
    const denied = { name: "Unknown", $metadata: { httpStatusCode: 403 } };
    const send = () => Promise.reject(Object.assign(new Error("UnknownError"), denied));
    const s3 = { send } as unknown as Parameters<typeof headStored>[0];
    assert.match(
      await told(headStored(s3, place)),
      /allow s3:GetObject of arn:aws:s3:::acme-config/,
    );
    assert.equal(await headStored(refusing("NotFound"), place), undefined);
    await assert.rejects(headStored(refusing("SlowDown"), place), { name: "SlowDown" });
  });

  it("is none where somebody else was first, is writing, or has deleted it", async () => {
    for (const name of ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"]) {
      assert.equal(await calls.write(name), undefined, name);
    }
    assert.equal(await calls.read("NoSuchKey"), undefined);
  });
});
