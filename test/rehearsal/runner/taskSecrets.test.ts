import assert from "node:assert/strict";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { taskSecrets } from "../../../rehearsal/runner/taskSecrets";
import { Account, account as accountId, region } from "./support";

describe("the secrets of a container", function () {
  this.timeout(60_000);
  let account: Account;
  let database: string;
  let empty: string;

  before(async () => {
    account = await Account.start();
    const { root } = account.connection;
    const manager = new SecretsManagerClient(root);
    const make = async (Name: string, SecretString?: string) =>
      (await manager.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? "";
    database = await make("shop/database", JSON.stringify({ username: "app", password: "p" }));
    empty = await make("shop/empty");
    const parameter = { Name: "/shop/key", Value: "k", Type: "SecureString" } as const;
    await new SSMClient(root).send(new PutParameterCommand(parameter));
  });

  after(() => account.stop());

  const read = (executionRoleArn: string) => {
    const parameter = `arn:aws:ssm:${region}:${accountId}:parameter/shop/key`;
    const secrets = [
      { name: "PASSWORD", valueFrom: `${database}:password::` },
      { name: "KEY", valueFrom: parameter },
      { name: "OWN", valueFrom: empty },
      { name: "OTHER", valueFrom: `${parameter}/other` },
    ];
    const taskDefinitionArn = `arn:aws:ecs:${region}:${accountId}:task-definition/web:1`;
    return taskSecrets(account.connection, { secrets }, { taskDefinitionArn, executionRoleArn });
  };

  const role = (name: string, actions: string[]) =>
    account.role(name, "ecs-tasks.amazonaws.com", actions);

  it("are what the execution role reads, without those that have no value", async () => {
    const actions = ["ssm:GetParameters", "secretsmanager:GetSecretValue"];
    assert.deepEqual(await read(await role("reader", actions)), { PASSWORD: "p", KEY: "k" });
  });

  it("are refused to a role that may not, as ECS says it", async () => {
    const stranger = await role("stranger", ["ssm:GetParameters"]);
    await assert.rejects(read(stranger), /^Error: ResourceInitializationError: .*GetSecretValue/s);
  });
});
