import assert from "node:assert/strict";
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
