import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { container, types } from "../../components/service/support";
import { parsed } from "../../support/record";
import { orders, takes, withOwn } from "./support";

interface Policy {
  readonly Statement: readonly {
    readonly Action: readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: unknown;
  }[];
}

describe("what services take of own resources", () => {
  it("is in their task definition: values as variables, secrets by their ARN", async () => {
    const { one } = await withOwn(orders);
    const { environment, secrets } = container(one(types.taskDefinition));
    assert.deepEqual(environment, [
      { name: "LOG_LEVEL", value: "debug" },
      { name: "TABLE", value: "shop--staging--own--orders" },
    ]);
    const [{ name, valueFrom }] = secrets as { name: string; valueFrom: string }[];
    assert.equal(name, "DATABASE_URL");
    assert.match(
      valueFrom,
      /^arn:aws:secretsmanager:eu-west-1:\d{12}:secret:database-[\w-]+:url::$/,
    );
  });

  it("is granted to the role of just the service that takes it", async () => {
    const { one, all } = await withOwn(orders, takes, {});
    const [{ Action, Resource }] = parsed<Policy>(
      one("aws:iam/rolePolicy:RolePolicy", "shop--staging--jobs-taskPolicy"),
      "policy",
    ).Statement;
    assert.deepEqual(Action, ["dynamodb:GetItem"]);
    assert.match(String(Resource), /table\/shop--staging--own--orders$/);
    const others = all("aws:iam/rolePolicy:RolePolicy").filter(({ name }) =>
      /dynamodb/.test(String(name)),
    );
    assert.deepEqual(others, []);
  });

  it("is read by its execution role: the secret alone, under whatever key it is", async () => {
    const { one } = await withOwn(orders);
    const policy = parsed<Policy>(
      one("aws:iam/rolePolicy:RolePolicy", "shop--staging--jobs-executionPolicy"),
      "policy",
    );
    const read = policy.Statement.filter(({ Action }) =>
      /GetSecretValue|Decrypt/.test(String(Action)),
    );
    const secret = String(read[0].Resource);
    assert.match(secret, /:secret:database-[\w-]+$/);
    assert.match(
      JSON.stringify(read[1].Condition),
      new RegExp(`"kms:EncryptionContext:SecretARN":\\["${secret}"\\]`),
    );
  });

  it("is a security group of its tasks, beside those that exist", async () => {
    const { one } = await withOwn(orders, { ...takes, securityGroupIds: ["sg-0a1b2c3d"] });
    const { securityGroups } = one(types.service).inputs.networkConfiguration as {
      securityGroups: string[];
    };
    assert.deepEqual([securityGroups.length, securityGroups[2]], [3, "sg-0a1b2c3d"]);
  });

  it("may be a parameter of SSM, a number, and several statements", async () => {
    const { one } = await withOwn(
      () => ({
        values: { port: 5432, isOpen: pulumi.output(true) },
        secrets: { key: new aws.ssm.Parameter("key", { type: "SecureString", value: "x" }).arn },
        grants: {
          files: [
            { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"] },
            { actions: ["s3:ListBucket"], resources: [pulumi.output("arn:aws:s3:::b")] },
          ],
        },
      }),
      {
        kind: "worker",
        environment: { PORT: { from: "port" }, IS_OPEN: { from: "isOpen" } },
        secrets: { KEY: { from: "key" } },
        permissions: [{ from: "files" }],
      },
    );
    const { environment } = container(one(types.taskDefinition));
    assert.deepEqual(environment, [
      { name: "IS_OPEN", value: "true" },
      { name: "PORT", value: "5432" },
    ]);
    const execution = one("aws:iam/rolePolicy:RolePolicy", "shop--staging--jobs-executionPolicy");
    assert.match(String(execution.inputs.policy), /"ssm:GetParameters".*:parameter\/?key/);
    assert.match(String(execution.inputs.policy), /PARAMETER_ARN/);
    const task = one("aws:iam/rolePolicy:RolePolicy", "shop--staging--jobs-taskPolicy");
    assert.equal(parsed<Policy>(task, "policy").Statement[1].Action[0], "s3:ListBucket");
  });

  it("may come later: the function is awaited, and may return nothing", async () => {
    const { all } = await withOwn(
      async () => {
        await new Promise((done) => setTimeout(done, 5));
        new aws.sqs.Queue("later");
      },
      { kind: "worker" },
    );
    assert.equal(all("aws:sqs/queue:Queue").length, 1);
    assert.equal(all(types.service).length, 1);
  });

  it("is unknown in a first preview, which shows the rest", async () => {
    const { one } = await withOwn(orders, takes, { preview: true });
    assert.ok(pulumi.isUnknown(one(types.taskDefinition).inputs.containerDefinitions));
    assert.equal(one(types.service).inputs.name, "shop--staging--jobs");
  });
});
