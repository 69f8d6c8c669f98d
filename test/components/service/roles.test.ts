import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceArgs } from "../../../components";
import { parsed } from "../../support/record";
import { cluster, repositoryArn, service, types, web, worker } from "./support";

const logs = { logGroupName: "/gantry/shop/staging/services/jobs", retentionDays: 14 };

const writeLogs = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: ["arn:aws:logs:eu-west-1:123456789012:log-group:/gantry/shop/staging/services/jobs:*"],
};

/** Decrypting these secrets and no other, under whatever key, as their service asks for it. */
const decrypts = (store: string, context: string, arns: string[]) => ({
  Effect: "Allow",
  Action: ["kms:Decrypt"],
  Resource: ["arn:aws:kms:eu-west-1:*:key/*"],
  Condition: {
    StringEquals: { "kms:ViaService": [`${store}.eu-west-1.amazonaws.com`] },
    StringLike: { [`kms:EncryptionContext:${context}`]: arns },
  },
});

/** The statements of a role's policy. */
async function statements(name: string, args: ServiceArgs): Promise<unknown> {
  const document = parsed<{ Version: string; Statement: unknown }>(
    (await service(args)).one(types.rolePolicy, name),
    "policy",
  );
  assert.equal(document.Version, "2012-10-17");
  return document.Statement;
}

const execution = (args: ServiceArgs) => statements("jobs-executionPolicy", args);
const task = (args: ServiceArgs) => statements("jobs-taskPolicy", args);

describe("the roles of a Service", () => {
  for (const role of ["jobs-executionRole", "jobs-taskRole"]) {
    it(`${role} is for tasks of this account and region alone`, async () => {
      const { one } = await service(worker());
      assert.deepEqual(parsed(one(types.role, role), "assumeRolePolicy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-west-1:123456789012:*" },
            },
          },
        ],
      });
    });
  }

  it("belong to the partition, region and account of the cluster", async () => {
    const clusterArn = "arn:aws-cn:ecs:cn-north-1:210987654321:cluster/shop-staging";
    const { one } = await service(worker({ cluster: { ...cluster, clusterArn } }));
    const { Statement } = parsed<{ Statement: { Condition: unknown }[] }>(
      one(types.role, "jobs-taskRole"),
      "assumeRolePolicy",
    );
    assert.deepEqual(Statement[0].Condition, {
      StringEquals: { "aws:SourceAccount": "210987654321" },
      ArnLike: { "aws:SourceArn": "arn:aws-cn:ecs:cn-north-1:210987654321:*" },
    });
  });

  describe("execution", () => {
    it("of a public image writes logs, and may do nothing else", async () => {
      assert.deepEqual(await execution(worker({ logs })), [writeLogs]);
    });

    it("pulls from the one repository; only the token is for the whole registry", async () => {
      assert.deepEqual(await execution(worker({ logs, repositoryArn })), [
        writeLogs,
        { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
        {
          Effect: "Allow",
          Action: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
          ],
          Resource: [repositoryArn],
        },
      ]);
    });

    it("reads the secrets named in Secrets Manager", async () => {
      const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/mail-GhIjKl";
      const secrets = { DATABASE_URL: "shop/database", MAIL_KEY: `${arn}:key::` };
      assert.deepEqual(await execution(worker({ logs, secrets })), [
        writeLogs,
        {
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: [
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf",
            arn,
          ],
        },
        decrypts("secretsmanager", "SecretARN", [
          "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf",
          arn,
        ]),
      ]);
    });

    it("reads the parameters named in SSM", async () => {
      const secrets = { TOKEN: "/shop/staging/token" };
      assert.deepEqual(await execution(worker({ logs, secrets })), [
        writeLogs,
        {
          Effect: "Allow",
          Action: ["ssm:GetParameters"],
          Resource: ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/staging/token"],
        },
        decrypts("ssm", "PARAMETER_ARN", [
          "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/staging/token",
        ]),
      ]);
    });

    it("of secrets in both places reads each where it is kept", async () => {
      const secrets = { TOKEN: "/shop/staging/token", DATABASE_URL: "shop/database" };
      const found = (await execution(worker({ logs, repositoryArn, secrets }))) as {
        Action: string[];
      }[];
      assert.deepEqual(
        found.map(({ Action }) => Action[0]),
        [
          "logs:CreateLogStream",
          "ecr:GetAuthorizationToken",
          "ecr:BatchCheckLayerAvailability",
          "secretsmanager:GetSecretValue",
          "ssm:GetParameters",
          "kms:Decrypt",
          "kms:Decrypt",
        ],
      );
    });

    it("gets nothing of what the code may do", async () => {
      const permissions = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop/*"] }];
      assert.deepEqual(await execution(worker({ logs, permissions, exec: true })), [writeLogs]);
    });
  });

  describe("task", () => {
    it("without permissions has no policy at all", async () => {
      const { all } = await service(web({ repositoryArn, secrets: { TOKEN: "/shop/token" } }));
      assert.deepEqual(
        all(types.rolePolicy).map(({ name }) => name),
        ["web-executionPolicy"],
      );
    });

    it("may do what it is permitted, on what is named, known now or later", async () => {
      const queueArn = "arn:aws:sqs:eu-west-1:123456789012:orders";
      const permissions = [
        { actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::shop-assets/*"] },
        {
          ...{ actions: ["sqs:ReceiveMessage"], resources: [pulumi.output(queueArn)] },
          conditions: { ArnLike: { "aws:SourceArn": [pulumi.output(queueArn)] } },
        },
      ];
      assert.deepEqual(await task(worker({ permissions })), [
        {
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::shop-assets/*"],
        },
        {
          ...{ Effect: "Allow", Action: ["sqs:ReceiveMessage"], Resource: [queueArn] },
          Condition: { ArnLike: { "aws:SourceArn": [queueArn] } },
        },
      ]);
    });

    it("with exec opens session channels and writes into the audit log alone", async () => {
      assert.deepEqual(await task(worker({ exec: true })), [
        {
          Effect: "Allow",
          Action: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
            "logs:DescribeLogGroups",
          ],
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [`${cluster.execLogGroupArn}:*`],
        },
      ]);
    });

    it("with exec opens the keys of its own cluster's sessions, where they have one", async () => {
      const execKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0123";
      const withKey = { cluster: { ...cluster, execKeyArn } };
      const allowed = (await task(worker({ exec: true, ...withKey }))) as unknown[];
      assert.deepEqual(allowed.at(-1), {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [execKeyArn],
        Condition: {
          StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": "ecs:shop-staging_*" },
        },
      });
      assert.equal(allowed.length, 3);
      const { all } = await service(worker(withKey));
      const names = all(types.rolePolicy).map(({ name }) => name);
      assert.deepEqual(names, ["jobs-executionPolicy"]);
    });
  });

  it("each have the policy of their own", async () => {
    const { all, one } = await service(worker({ exec: true }));
    assert.deepEqual(
      Object.fromEntries(all(types.rolePolicy).map((p) => [p.name, p.inputs.role])),
      {
        "jobs-executionPolicy": "jobs-executionRole-1a2b3c4",
        "jobs-taskPolicy": "jobs-taskRole-1a2b3c4",
      },
    );
    const { executionRoleArn, taskRoleArn } = one(types.taskDefinition).inputs;
    assert.match(String(executionRoleArn), /role\/jobs-executionRole-/);
    assert.match(String(taskRoleArn), /role\/jobs-taskRole-/);
  });
});
