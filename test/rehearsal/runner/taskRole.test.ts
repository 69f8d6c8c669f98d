import assert from "node:assert/strict";
import { ECSClient, RegisterTaskDefinitionCommand, type TaskDefinition } from "@aws-sdk/client-ecs";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { taskRoleVariables } from "../../../rehearsal/runner/taskRole";
import { Account, region } from "./support";

describe("what a container has of AWS", function () {
  this.timeout(60_000);
  let account: Account;

  before(async () => {
    account = await Account.start();
  });

  after(() => account.stop());

  async function taskOf(taskRoleArn?: string): Promise<TaskDefinition> {
    const registered = await new ECSClient(account.connection.root).send(
      new RegisterTaskDefinitionCommand({
        family: "web",
        ...(taskRoleArn === undefined ? {} : { taskRoleArn }),
        containerDefinitions: [{ name: "app", image: "web", memory: 128 }],
      }),
    );
    return registered.taskDefinition ?? {};
  }

  const variables = (task: TaskDefinition, builder: "buildah" | "docker" = "buildah") =>
    taskRoleVariables(account.connection, { builder }, task);

  const listBuckets = async (task: TaskDefinition) => {
    const own = await variables(task);
    const credentials = {
      accessKeyId: own.AWS_ACCESS_KEY_ID,
      secretAccessKey: own.AWS_SECRET_ACCESS_KEY,
      sessionToken: own.AWS_SESSION_TOKEN,
    };
    const settings = { endpoint: own.AWS_ENDPOINT_URL, region: own.AWS_REGION, credentials };
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    return (await s3.send(new ListBucketsCommand({}))).Buckets?.length ?? 0;
  };

  it("is the region, and what its task's role may do and no more", async () => {
    const trusted = "ecs-tasks.amazonaws.com";
    const able = await taskOf(await account.role("able", trusted, ["s3:ListAllMyBuckets"]));
    assert.equal((await variables(able)).AWS_REGION, region);
    assert.ok((await listBuckets(able)) > 0);
    const unable = await taskOf(await account.role("unable", trusted, ["sqs:*"]));
    await assert.rejects(listBuckets(unable), /AccessDenied|not authorized/);
  });

  it("is nothing without a role, and in an engine's network, where the emulator is not", async () => {
    assert.deepEqual(await variables(await taskOf()), {});
    const role = await account.role("other", "ecs-tasks.amazonaws.com", ["s3:*"]);
    assert.deepEqual(await variables(await taskOf(role), "docker"), {});
  });

  it("is refused where the role does not trust ECS", async () => {
    const role = await account.role("build", "codebuild.amazonaws.com", ["s3:*"]);
    const task = await taskOf(role);
    await assert.rejects(variables(task), /ecs-tasks\.amazonaws\.com cannot take on .*build/);
  });
});
