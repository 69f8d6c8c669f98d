import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resolveSecrets } from "../../../components/service/secrets";
import { longestAccount as account } from "../../../components/shared/account";
import { record } from "../../support/record";
import { container, service, types, worker } from "./support";

const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf";
const parameterArn = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/staging/token";
const lookUp = "aws:secretsmanager/getSecret:getSecret";

async function valueFrom(reference: string): Promise<unknown> {
  const { one } = await service(worker({ secrets: { SECRET: reference } }));
  const { secrets } = container(one(types.taskDefinition));
  const [{ name, valueFrom }, ...others] = secrets as { name: string; valueFrom: string }[];
  assert.deepEqual([name, others], ["SECRET", []]);
  return valueFrom;
}

describe("the secrets of a Service", () => {
  const table: [string, string, string][] = [
    ["the ARN of a secret is handed on", secretArn, secretArn],
    [
      "the ARN with a key gets the other two fields, which ECS wants",
      `${secretArn}:url`,
      `${secretArn}:url::`,
    ],
    [
      "the ARN with a version keeps it",
      `${secretArn}:url:AWSPREVIOUS:`,
      `${secretArn}:url:AWSPREVIOUS:`,
    ],
    ["a name is looked up, since AWS ends the ARN by itself", "shop/database", secretArn],
    ["a name with a key is that key of it", "shop/database:url", `${secretArn}:url::`],
    ["the ARN of a parameter is handed on", parameterArn, parameterArn],
    ["a parameter's name is one of the cluster's account", "/shop/staging/token", parameterArn],
  ];
  for (const [title, reference, expected] of table) {
    it(title, async () => {
      assert.equal(await valueFrom(reference), expected);
    });
  }

  it("are looked up by name alone, and only where they must be", async () => {
    const secrets = {
      A: "shop/database:url",
      B: secretArn,
      C: "/shop/staging/token",
      D: parameterArn,
    };
    const { calls } = await service(worker({ secrets }));
    assert.deepEqual(calls, [{ token: lookUp, inputs: { name: "shop/database" } }]);
  });

  it("are never variables in plain text", async () => {
    const { one } = await service(worker({ secrets: { DATABASE_URL: "shop/database" } }));
    assert.deepEqual(container(one(types.taskDefinition)).environment, []);
  });

  it("of resources are handed on by their ARNs, and may be read", async () => {
    const secrets = { A: pulumi.output(`${secretArn}:url`), B: pulumi.output(parameterArn) };
    const { one, calls } = await service(worker({ secrets }));
    assert.deepEqual(container(one(types.taskDefinition)).secrets, [
      { name: "A", valueFrom: `${secretArn}:url::` },
      { name: "B", valueFrom: parameterArn },
    ]);
    const policy = String(one(types.rolePolicy, "jobs-executionPolicy").inputs.policy);
    assert.ok(policy.includes(`"secretsmanager:GetSecretValue"],"Resource":["${secretArn}"]`));
    assert.ok(policy.includes(`"ssm:GetParameters"],"Resource":["${parameterArn}"]`));
    assert.deepEqual(calls, []);
  });

  it("of other regions are decrypted by keys that are there, for these secrets alone", async () => {
    const elsewhere = secretArn.replace("eu-west-1", "us-east-1");
    const { one } = await service(worker({ secrets: { A: "shop/database", B: elsewhere } }));
    const { inputs } = one(types.rolePolicy, "jobs-executionPolicy");
    const { Statement } = JSON.parse(String(inputs.policy)) as {
      Statement: { Action: string[]; Resource: string[]; Condition?: unknown }[];
    };
    const decrypt = Statement.filter(({ Action }) => Action.includes("kms:Decrypt"));
    assert.deepEqual(decrypt, [
      {
        ...{ Effect: "Allow", Action: ["kms:Decrypt"] },
        Resource: ["arn:aws:kms:eu-west-1:*:key/*", "arn:aws:kms:us-east-1:*:key/*"],
        Condition: {
          StringEquals: {
            "kms:ViaService": [
              "secretsmanager.eu-west-1.amazonaws.com",
              "secretsmanager.us-east-1.amazonaws.com",
            ],
          },
          StringLike: { "kms:EncryptionContext:SecretARN": [secretArn, elsewhere] },
        },
      },
    ]);
  });

  for (const value of ["hunter2-hunter2", "shop/database"]) {
    it(`fails when ${value} comes in place of an ARN, and does not repeat it`, async () => {
      const { value: error } = await record(async () => {
        const parent = new pulumi.ComponentResource("shop:index:Shop", "shop");
        const secrets = resolveSecrets({ A: pulumi.output(value) }, account, parent);
        // As the SDK has it inside: what is thrown in an output comes out of its promise.
        const settling = secrets as unknown as { promise(): Promise<unknown> };
        return settling.promise().catch((thrown: unknown) => thrown);
      });
      assert.match(String(error), /Service secrets\.A: given what is no ARN of a secret/);
      assert.ok(!String(error).includes(value));
    });
  }

  it("fails when a secret that is named is not there, before anything is changed", async () => {
    const calls = {
      [lookUp]: () => {
        throw new Error("couldn't find resource");
      },
    };
    await assert.rejects(
      service(worker({ secrets: { DATABASE_URL: "shop/databse" } }), { calls }),
      /couldn't find resource/,
    );
  });
});
