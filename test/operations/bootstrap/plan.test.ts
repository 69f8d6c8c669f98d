import assert from "node:assert/strict";
import type { FoundBucket } from "../../../operations/bootstrap/bucket";
import { planOf, type Found, type PlanItem, type Wanted } from "../../../operations/bootstrap/plan";

const bucket = "shop--state-123456789012-eu-west-1";
const url = `s3://${bucket}?region=eu-west-1`;
const provider = "awskms://alias/shop--staging--pulumi?region=eu-west-1";
const own = { kind: "s3", url, bucket, prefix: "", region: "eu-west-1", isOwn: true } as const;
const wanted: Wanted = {
  stack: "staging",
  region: "eu-west-1",
  backend: own,
  keyAlias: "alias/shop--staging--pulumi",
  secretsProvider: provider,
};
const safe: FoundBucket = {
  publicAccess: "there",
  versioning: "there",
  encryption: "there",
  policy: "there",
  lifecycle: "there",
};
const key = { arn: "arn:key", state: "Enabled", encrypts: true, rotates: true };
const secrets = { url: provider, encryptedKey: "a2V5" };
const whole: Found = {
  files: { backendUrl: url, hasBackend: true, secrets },
  bucket: safe,
  key,
  deployed: { secrets },
};
const nothing: Found = { files: { hasBackend: false } };

/** Each item that is not there already, as `status: step or first fix`. */
function open(items: readonly PlanItem[]): string[] {
  return items.flatMap(({ status, step, fix }) => {
    if (status === "there") return [];
    const part = step?.do === "setBucketPart" ? ` ${step.part}` : "";
    return [`${status}: ${step === undefined ? (fix?.[0] ?? "") : step.do + part}`];
  });
}

const parts = ["publicAccess", "versioning", "encryption", "policy", "lifecycle"];
const aws = (command: string) => `differs: aws kms ${command} --region eu-west-1 --key-id arn:key`;
const change = `differs: pulumi stack change-secrets-provider --stack staging "${provider}"`;

const connection = { name: "shop" };
const named = { name: "shop", arn: "arn:connection" };

describe("the plan of gantry bootstrap", () => {
  const table: [string, Partial<Wanted>, Found, string[]][] = [
    ["has nothing to do where all is there", {}, whole, []],
    [
      "makes all where nothing is there",
      { connection },
      nothing,
      [
        "make: makeBucket",
        ...parts.map((part) => `make: setBucketPart ${part}`),
        "make: makeKey",
        "make: nameBackend",
        "make: makeStack",
        "make: makeConnection",
      ],
    ],
    [
      "sets what nobody has set of a bucket of its own",
      {},
      { ...whole, bucket: { ...safe, encryption: "absent", policy: "absent" } },
      ["make: setBucketPart encryption", "make: setBucketPart policy"],
    ],
    [
      "leaves alone what somebody has set otherwise",
      {},
      { ...whole, bucket: { ...safe, versioning: "other" } },
      [
        `differs: aws s3api put-bucket-versioning --region eu-west-1 --bucket ${bucket} --versioning-configuration Status=Enabled`,
      ],
    ],
    [
      "sets nothing of a bucket that is somebody's",
      { backend: { ...own, isOwn: false } },
      { ...whole, bucket: { ...safe, versioning: "absent" } },
      [
        `differs: aws s3api put-bucket-versioning --region eu-west-1 --bucket ${bucket} --versioning-configuration Status=Enabled`,
      ],
    ],
    [
      "makes no bucket that config names, and no stack without it",
      { backend: { ...own, isOwn: false } },
      { ...whole, bucket: undefined, deployed: undefined },
      [
        "yours: make it, or take its name out of Pulumi.yaml and of gantry:pipeline.state.backendUrl: then Gantry makes one",
        "yours: ",
      ],
    ],
    [
      "has a key rotate that does not, by a person",
      {},
      { ...whole, key: { ...key, rotates: false } },
      [aws("enable-key-rotation")],
    ],
    [
      "says how a key is kept that is to be deleted, and makes no stack with it",
      {},
      { ...whole, deployed: undefined, key: { ...key, state: "PendingDeletion", rotates: false } },
      [
        `${aws("cancel-key-deletion")} && aws kms enable-key --region eu-west-1 --key-id arn:key`,
        "yours: ",
      ],
    ],
    [
      "says how a disabled key is enabled",
      {},
      { ...whole, key: { ...key, state: "Disabled", rotates: false } },
      [aws("enable-key")],
    ],
    [
      "takes the secrets provider from the state where the file has none",
      {},
      { ...whole, files: { ...whole.files, secrets: undefined } },
      ["make: nameSecrets"],
    ],
    [
      "changes no other secrets provider",
      {},
      { ...whole, files: { ...whole.files, secrets: { url: "passphrase" } } },
      [change],
    ],
    [
      "changes none of a stack whose file is not here",
      {},
      {
        ...whole,
        files: { backendUrl: url, hasBackend: true },
        deployed: { secrets: { url: "passphrase" } },
      },
      [change],
    ],
    [
      "does not guess where neither file nor state names a provider",
      {},
      { ...whole, files: { backendUrl: url, hasBackend: true }, deployed: {} },
      [change],
    ],
    [
      "says what shells need where Pulumi.yaml names another backend",
      {},
      { ...whole, files: { ...whole.files, backendUrl: "s3://acme-other" } },
      [`yours: export PULUMI_BACKEND_URL='${url}'`],
    ],
    [
      "makes nothing for a Pulumi service",
      { backend: { kind: "pulumi", url: "https://api.pulumi.com" } },
      nothing,
      ["yours: pulumi login"],
    ],
    [
      "names another Pulumi service",
      { backend: { kind: "pulumi", url: "https://pulumi.example.com" } },
      nothing,
      ["yours: pulumi login https://pulumi.example.com"],
    ],
    [
      "waits for a person where a connection is pending",
      { connection },
      { ...whole, connection: { arn: "arn:connection", status: "PENDING" } },
      [
        "yours: https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections?region=eu-west-1",
      ],
    ],
    [
      "makes none in the place of one that config names",
      { connection: named },
      whole,
      ["differs: take it out of config, and run gantry bootstrap with --connection"],
    ],
    [
      "says what to do with a connection that has failed",
      { connection },
      { ...whole, connection: { arn: "arn:connection", status: "ERROR" } },
      [
        "differs: delete it, and run the same again: aws codeconnections delete-connection --region eu-west-1 --connection-arn arn:connection",
      ],
    ],
  ];
  for (const [title, more, found, expected] of table) {
    it(title, () => assert.deepEqual(open(planOf({ ...wanted, ...more }, found)), expected));
  }

  it("says what is paid for, and where that is said", () => {
    const costs = planOf(wanted, nothing).flatMap(({ cost }) => cost ?? []);
    assert.deepEqual(
      costs.map((cost) => /\(.*(S3|KMS) pricing/.exec(cost)?.[1]),
      ["S3", "KMS"],
    );
  });
});
