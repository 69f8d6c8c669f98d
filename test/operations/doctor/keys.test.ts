import assert from "node:assert/strict";
import { keyFindings, keysCheck, usedKeys } from "../../../operations/doctor/checks/keys";
import { aContext, account, aTarget, awsError, denied, diagnose, region, told } from "./support";

const arn = `arn:aws:kms:${region}:${account}:key/01234567-89ab-cdef-0123-456789abcdef`;

describe("the check of keys", () => {
  const found = (answer: unknown) =>
    diagnose(keysCheck, aContext({ answers: { kms: { DescribeKey: answer } } }));

  it("is well where the environment's key is enabled", async () => {
    const result = await found({ KeyMetadata: { KeyId: "1", KeyState: "Enabled" } });
    assert.deepEqual([result.well, told(result)], ["1 key, enabled", []]);
  });

  for (const [state, what, command] of [
    ["Disabled", /is disabled: logs, images/, /^aws kms enable-key .*--key-id 1$/],
    ["PendingDeletion", /is deleted on 2026-12-05/, /cancel-key-deletion .*&& aws kms enable-key/],
    ["Unavailable", /is Unavailable/, undefined],
  ] as const) {
    it(`finds one that is ${state}`, () => {
      const DeletionDate = new Date("2026-12-05T00:00:00Z");
      const key = { where: "encryptionKeyArn", holds: "logs, images, messages and data" };
      const [finding] = keyFindings(key, { KeyId: "1", KeyState: state, DeletionDate }, region);
      assert.equal(finding.severity, "error");
      assert.match(finding.what, what);
      if (command) assert.match(finding.command ?? "", command);
    });
  }

  it("finds that it is missing, and says which right it lacks", async () => {
    assert.match(
      told(await found(awsError("NotFoundException"))).join(),
      /^error encryptionKeyArn: there is no key alias\/shop--staging/,
    );
    assert.match(
      told(await found(denied("kms:DescribeKey"))).join(),
      /^unchecked .*kms:DescribeKey$/,
    );
  });

  it("knows the keys of data, of the state and of its secrets, each once", () => {
    const source = { type: "codecommit", repository: "shop" };
    const state = { backendUrl: "s3://acme-state", keyArn: arn };
    const target = aTarget({ "gantry:pipeline": { source, state } });
    const ids = (provider?: string) => usedKeys(target, provider).map(({ id }) => id);
    assert.deepEqual(ids(), ["alias/shop--staging", arn]);
    assert.deepEqual(ids(`awskms:///${arn}?region=eu-west-1`), ["alias/shop--staging", arn]);
    assert.deepEqual(ids("awskms://alias/state?region=eu-west-1"), [
      ...["alias/shop--staging", "alias/state", arn],
    ]);
    assert.deepEqual(usedKeys(aTarget({ "gantry:encryptionKeyArn": "aws" }), undefined), []);
  });
});
