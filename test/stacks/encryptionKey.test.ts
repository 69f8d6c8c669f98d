import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { tellOtherKey } from "../../components/shared/otherKey";
import { record, type RecordedResource } from "../support/record";
import { checkFaults, web } from "./config/support";
import { everything } from "./everything";
import { environment } from "./support";

const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`;
const encryptionKeyArn = key("01234567-89ab-cdef-0123-456789abcdef");

/** Where each kind has its key, of what holds the product's data. */
const kept: Readonly<Record<string, (inputs: RecordedResource["inputs"]) => unknown>> = {
  "aws:cloudwatch/logGroup:LogGroup": ({ kmsKeyId }) => kmsKeyId,
  "aws:ecr/repository:Repository": ({ encryptionConfigurations }) =>
    (encryptionConfigurations as { kmsKey?: unknown }[])[0].kmsKey,
  "aws:efs/fileSystem:FileSystem": ({ kmsKeyId }) => kmsKeyId,
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ kmsKeyId }) => kmsKeyId,
  "aws:elasticache/serverlessCache:ServerlessCache": ({ kmsKeyId }) => kmsKeyId,
  "aws:rds/cluster:Cluster": ({ kmsKeyId }) => kmsKeyId,
  "aws:rds/instance:Instance": ({ masterUserSecretKmsKeyId }) => masterUserSecretKmsKeyId,
  "aws:secretsmanager/secret:Secret": ({ kmsKeyId }) => kmsKeyId,
  "aws:sqs/queue:Queue": ({ kmsMasterKeyId }) => kmsMasterKeyId,
};

/** Chat channels log in one region, where the key is not; what no schedule could start has nothing in it but that. */
const holdsData = ({ inputs, name }: RecordedResource): boolean =>
  inputs.region === undefined && !name.endsWith("-schedules-dead");

/** Whose key is of their creation. */
const unchanging = [
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
];

describe("gantry:encryptionKeyArn", () => {
  it("encrypts whatever holds something", async () => {
    const { all } = await environment({ ...everything, encryptionKeyArn });
    for (const [type, keyOf] of Object.entries(kept)) {
      const keys = all(type)
        .filter(holdsData)
        .map(({ inputs }) => keyOf(inputs));
      assert.ok(keys.length > 0, type);
      assert.deepEqual(
        keys.filter((one) => one !== encryptionKeyArn),
        [],
        type,
      );
    }
    const topic = all("aws:sns/topic:Topic").find(({ name }) => name.endsWith("orders"));
    assert.equal(topic?.inputs.kmsMasterKeyId, encryptionKeyArn);
    const bucket = all(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ).find(({ name }) => name.includes("uploads"));
    assert.deepEqual(bucket?.inputs.rules, [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: encryptionKeyArn,
        },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("is one that is made for the environment, where config names none", async () => {
    const { all, one } = await environment(everything);
    const made = key("shop--staging-encryption-1a2b3c4");
    for (const [type, keyOf] of Object.entries(kept)) {
      const others = all(type).filter((one) => holdsData(one) && keyOf(one.inputs) !== made);
      assert.deepEqual(others, [], type);
    }
    assert.equal(one("aws:kms/alias:Alias").inputs.name, "alias/shop--staging");
  });

  for (const [name, given] of [
    ["a key of one's own", encryptionKeyArn],
    ["AWS's own keys", "aws"],
  ]) {
    it(`makes none with ${name}`, async () => {
      const { all } = await environment({ ...everything, encryptionKeyArn: given });
      assert.deepEqual(
        all("aws:kms/key:Key").filter(({ name }) => name.endsWith("-encryption")),
        [],
      );
    });
  }

  it("is nowhere with AWS's own keys", async () => {
    const { resources } = await environment({ ...everything, encryptionKeyArn: "aws" });
    const given = resources.filter(
      ({ type, inputs }) => Object.hasOwn(kept, type) && kept[type](inputs),
    );
    assert.deepEqual(given, []);
  });

  it("replaces nothing that holds data", async () => {
    const { all } = await environment({ ...everything, encryptionKeyArn });
    for (const type of unchanging) {
      for (const { name, options } of all(type)) {
        assert.ok(options.ignoreChanges.length > 0, name);
      }
    }
  });

  it("may be used by tasks through the services that hold what is theirs, and for sessions in them", async () => {
    const { resources } = await environment({ ...everything, encryptionKeyArn });
    const through = (service: string) => {
      const policy = resources.find(({ name }) => name === `shop--staging--${service}-taskPolicy`);
      const { Statement = [] } = JSON.parse(String(policy?.inputs.policy)) as {
        Statement?: { Action: string[]; Resource: unknown; Condition?: object }[];
      };
      return Statement.filter(({ Action }) => Action.some((one) => one.startsWith("kms:"))).map(
        ({ Action, Resource, Condition }) => [Action.length, Resource, Condition],
      );
    };
    const via = (actions: number, ...services: string[]) => {
      const hosts = services.map((service) => `${service}.eu-west-1.amazonaws.com`);
      const condition = { "kms:ViaService": hosts.length === 1 ? hosts[0] : hosts };
      return [actions, [encryptionKeyArn], { StringEquals: condition }];
    };
    const inTasks = {
      StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": "ecs:shop--staging_*" },
    };
    const sessions = [1, [encryptionKeyArn], inTasks];
    // One statement for all that an action is for: a policy has 10 240 characters.
    assert.deepEqual(through("web"), [
      via(1, "s3", "secretsmanager", "sns"),
      via(1, "s3", "sns"),
      sessions,
    ]);
    assert.deepEqual(through("jobs"), [via(2, "sqs"), sessions]);
    assert.deepEqual(through("api"), [sessions]);
  });

  it("is told where something was made with another", async () => {
    const told: string[] = [];
    const log = pulumi.log as { warn: (text: string) => Promise<void> };
    const { warn } = log;
    log.warn = (text) => Promise.resolve(void told.push(text));
    try {
      await record(() => {
        const resource = new pulumi.ComponentResource("acme:index:Files", "files");
        tellOtherKey(resource, encryptionKeyArn, encryptionKeyArn);
        tellOtherKey(resource, key("old"), undefined);
        tellOtherKey(resource, key("old"), encryptionKeyArn);
      });
    } finally {
      log.warn = warn;
    }
    assert.equal(told.length, 1);
    assert.match(told[0], /^keeps the key that it was made with \(arn:aws:kms:\S+key\/old\)/);
  });

  const named = "write what this says: aws kms describe-key --key-id";
  checkFaults("gantry:encryptionKeyArn", (given) => ({ ...web({}), encryptionKeyArn: given.of }), [
    ["it is an alias", { of: "alias/shop" }, "", `${named} alias/shop --query KeyMetadata.Arn`],
    [
      "it is the ARN of an alias",
      { of: "arn:aws:kms:eu-west-1:123456789012:alias/shop" },
      "",
      `${named} alias/shop --query KeyMetadata.Arn`,
    ],
    ["it is an id", { of: "mrk-0123" }, "", `${named} mrk-0123 --query KeyMetadata.Arn`],
    [
      "it is something else",
      { of: "a key" },
      "",
      `${named} <its id or alias> --query KeyMetadata.Arn`,
    ],
    [
      "it is of another region",
      { of: "arn:aws:kms:us-east-1:123456789012:key/mrk-0123" },
      "",
      "make a key in eu-west-1, or a replica there of one that has several regions (its id begins with mrk-), and give its ARN",
      { region: "eu-west-1" },
    ],
  ]);
});
