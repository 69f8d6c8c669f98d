import assert from "node:assert/strict";
import { EncryptionKey } from "../../components";
import { parsed, record, valueOf } from "../support/record";

const types = {
  key: "aws:kms/key:Key",
  policy: "aws:kms/keyPolicy:KeyPolicy",
  alias: "aws:kms/alias:Alias",
};

const key = (alias = "shop--staging", opts = {}) =>
  record(() => new EncryptionKey("shop", { alias, tags: { team: "shop" } }, opts));

interface Statement {
  readonly Effect: string;
  readonly Principal: Readonly<Record<string, string | string[]>>;
  readonly Action: string | string[];
  readonly Resource: string;
  readonly Condition?: object;
}

async function statements(): Promise<readonly Statement[]> {
  const { one } = await key();
  return parsed<{ Statement: Statement[] }>(one(types.policy), "policy").Statement;
}

describe("EncryptionKey", () => {
  it("turns over once a year, has a name, and a month to be taken back", async () => {
    const { one, value } = await key();
    assert.deepEqual(one(types.key).inputs, {
      description: "Encrypts what shop--staging holds",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { team: "shop" },
    });
    assert.equal(one(types.alias).inputs.name, "alias/shop--staging");
    assert.equal(
      await valueOf(value.keyArn),
      "arn:aws:kms:eu-west-1:123456789012:key/shop-encryption-1a2b3c4",
    );
  });

  it("stays in AWS with its policy, since what it encrypts would be gone with it", async () => {
    const { one } = await key("shop", { protect: true });
    const kept = Object.values(types).map((type) => {
      const { protect, retainOnDelete } = one(type).options;
      return { protect, retainOnDelete };
    });
    assert.deepEqual(kept, [
      { protect: true, retainOnDelete: true },
      { protect: false, retainOnDelete: true },
      // Another environment of the name could not be made.
      { protect: false, retainOnDelete: false },
    ]);
  });

  it("is known once its policy lets the services in", async () => {
    const { resources } = await record(() => {
      const { keyArn } = new EncryptionKey("shop", { alias: "shop" });
      return new EncryptionKey("other", { alias: "other", tags: { key: keyArn as never } });
    });
    const other = resources.find(({ name }) => name === "other-encryption");
    assert.ok(other?.options.dependencies.some((urn) => urn.endsWith("::shop-encryptionPolicy")));
  });

  it("is left to IAM policies of the account, for all that somebody needs", async () => {
    const [account, grants] = await statements();
    const root = { AWS: "arn:aws:iam::123456789012:root" };
    assert.deepEqual(account.Principal, root);
    const actions = account.Action as string[];
    assert.ok(actions.includes("kms:ReEncryptFrom") && actions.includes("kms:ScheduleKeyDeletion"));
    for (const never of ["kms:*", "kms:CreateGrant", "kms:ReplicateKey", "kms:ImportKeyMaterial"]) {
      assert.ok(!actions.includes(never), never);
    }
    assert.deepEqual(grants, {
      Effect: "Allow",
      Principal: root,
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
  });

  it("lets in the services that write with nobody's rights, for the account's own", async () => {
    const services = (await statements())
      .slice(2)
      .map(({ Principal, Condition }) => [Principal.Service, Condition]);
    assert.deepEqual(services, [
      [
        "logs.eu-west-1.amazonaws.com",
        {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
          },
        },
      ],
      // They tell KMS of no account: who may send to a topic or queue, its own policy says.
      [["events.amazonaws.com", "sns.amazonaws.com"], undefined],
      [
        ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"],
        { StringEquals: { "aws:SourceAccount": "123456789012" } },
      ],
      [
        "cloudtrail.amazonaws.com",
        { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:123456789012:trail/*" } },
      ],
    ]);
  });

  for (const alias of ["alias/shop", "aws/shop", "shop staging", "", "x".repeat(251)]) {
    it(`fails when its alias is "${alias.slice(0, 20)}"`, async () => {
      await assert.rejects(key(alias), /alias/);
    });
  }
});
