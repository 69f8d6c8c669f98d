import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type ContainerDefinition,
} from "@aws-sdk/client-ecs";
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { plannedChanges } from "../../delivery/engine/changes";
import { refuseMissingInfrastructure } from "../../delivery/engine/infrastructure";
import { targetUrns } from "../../delivery/engine/targets";
import type { DeliveryError } from "../../delivery/errors";
import { readTarget } from "../../delivery/target";
import { destroy, emptyPreview, up } from "../../rehearsal/update";
import { Workspace } from "../../rehearsal/workspace";
import { Clone, project } from "./clone";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const cluster = "orders--staging";

/** The product of `examples/own-resources`, with the package built beside it as a team has it installed. */
describe("a product with own resources", function () {
  let bench: Bench;
  let clone: Clone;
  let workspace: Workspace;
  buildOnEachOther();

  before(async () => {
    bench = await startBench();
    clone = new Clone();
    const compiler = join(project, "node_modules/typescript/bin/tsc");
    const args = [compiler, "-p", "tsconfig.build.json", "--noCheck"];
    const { status, stdout } = spawnSync("node", args, { cwd: clone.folder, encoding: "utf8" });
    assert.equal(status, 0, stdout);
    workspace = new Workspace(bench.engine, bench.emulator, {
      project: join(clone.folder, "examples/own-resources"),
      folder: join(clone.folder, "examples/own-resources/.gantry/local"),
    });
  });

  after(async () => {
    await bench?.stop();
    await clone?.end();
  });

  const stack = () => workspace.stack("staging");

  /** The container that the service runs now. */
  async function container(): Promise<ContainerDefinition & { readonly taskRole: string }> {
    const ecs = new ECSClient(bench.client);
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: [`${cluster}--orders`] }),
    );
    const [{ taskDefinition }] = services;
    const { taskDefinition: found } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition }),
    );
    const [first] = found?.containerDefinitions ?? [];
    return { ...first, taskRole: found?.taskRoleArn?.split("/").pop() ?? "" };
  }

  async function variables(): Promise<Record<string, string>> {
    const { environment = [] } = await container();
    return Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value]));
  }

  async function signingKey() {
    const [{ valueFrom: SecretId } = {}] = (await container()).secrets ?? [];
    return new SecretsManagerClient(bench.client).send(new GetSecretValueCommand({ SecretId }));
  }

  /** Changes a file of the product, as a commit does. */
  function change(file: string, from: string, to: string): void {
    const path = join(clone.folder, "examples/own-resources", file);
    const text = readFileSync(path, "utf8");
    assert.ok(text.includes(from), `${file}: ${from}`);
    writeFileSync(path, text.replace(from, to));
  }

  /** What delivery sees of a preview with a release. */
  async function changes() {
    const events: EngineEvent[] = [];
    await (await stack()).preview({ onEvent: (event) => events.push(event) });
    return plannedChanges(events);
  }

  it("comes up: the service knows its table, its bucket and its secret", async () => {
    await up(await stack(), log);
    const { TABLE_NAME, BUCKET_NAME } = await variables();
    const { Table } = await new DynamoDBClient(bench.client).send(
      new DescribeTableCommand({ TableName: TABLE_NAME }),
    );
    assert.equal(Table?.TableStatus, "ACTIVE");
    await new S3Client(bench.client).send(new ListObjectsV2Command({ Bucket: BUCKET_NAME }));
    const { ARN, SecretString } = await signingKey();
    assert.equal((await container()).secrets?.[0].valueFrom, ARN);
    assert.equal(SecretString?.length, 40);
  });

  it("lets its tasks do what it grants to them, and nothing else", async () => {
    const iam = new IAMClient(bench.client);
    const { taskRole: RoleName } = await container();
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const [PolicyName, ...others] = PolicyNames;
    const { PolicyDocument = "" } = await iam.send(
      new GetRolePolicyCommand({ RoleName, PolicyName }),
    );
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as {
      readonly Statement: readonly { readonly Action: string[]; readonly Resource: string[] }[];
    };
    const { TABLE_NAME, BUCKET_NAME } = await variables();
    const granted = Statement.filter(({ Action }) => /^(?:dynamodb|s3):/.test(Action[0]));
    assert.deepEqual(
      granted.map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          ["dynamodb:GetItem", "dynamodb:PutItem"],
          [`arn:aws:dynamodb:eu-west-1:123456789012:table/${TABLE_NAME}`],
        ],
        [["s3:PutObject"], [`arn:aws:s3:::${BUCKET_NAME}/*`]],
      ],
    );
    assert.deepEqual(others, []);
  });

  it("previews empty, whatever the program draws anew", async () => {
    await emptyPreview(await stack(), log);
  });

  it("is of use to the service as it is told of it", async () => {
    const env = {
      ...{ ...process.env, ...bench.emulator.env, ...(await variables()), PORT: "0" },
      SIGNING_KEY: (await signingKey()).SecretString,
    };
    const server = join(clone.folder, "examples/own-resources/services/orders/server.mjs");
    const child: ChildProcess = spawn("node", [server], { env, stdio: ["ignore", "pipe", 2] });
    try {
      const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
      const order = `http://127.0.0.1:${/\d+$/.exec(line)?.[0]}/orders/1`;
      assert.equal((await fetch(order)).status, 404);
      assert.equal((await fetch(order, { method: "PUT", body: "two lamps" })).status, 201);
      assert.equal(await (await fetch(order)).text(), "two lamps");
    } finally {
      child.kill();
    }
  });

  it("is read by delivery without the program", async () => {
    const { config } = await readTarget(workspace.folder, "staging");
    assert.deepEqual(config.services.orders.permissions, [
      { from: "orders" },
      { from: "receipts" },
    ]);
  });

  it("refuses a name that it does not return, and changes nothing", async () => {
    change("Pulumi.staging.yaml", "from: tableName", "from: tabelName");
    await assert.rejects((await stack()).up({ suppressProgress: true }), (error: Error) => {
      assert.match(
        error.message,
        /the own resources of staging have 1 fault; no service was changed:/,
      );
      assert.match(error.message, /given +from: tabelName[^]*fix +set from: tableName/);
      return true;
    });
    change("Pulumi.staging.yaml", "from: tabelName", "from: tableName");
    await emptyPreview(await stack(), log);
  });

  it("refuses to lose what a service still takes, before anything is deleted", async () => {
    change("resources.ts", "bucketName: bucket.bucket", "");
    await assert.rejects((await stack()).up({ suppressProgress: true }), /set from|return it/);
    change(
      "resources.ts",
      "{ tableName: table.name,  }",
      "{ tableName: table.name, bucketName: bucket.bucket }",
    );
    await new S3Client(bench.client).send(
      new ListObjectsV2Command({ Bucket: (await variables()).BUCKET_NAME }),
    );
  });

  it("stops a release that comes with a resource which nobody has applied, and names it", async () => {
    change(
      "resources.ts",
      "  const bucket =",
      '  const queue = new aws.sqs.Queue("shipments", { tags });\n  const bucket =',
    );
    change("resources.ts", "tableName: table.name,", "tableName: table.name, queueUrl: queue.url,");
    change(
      "Pulumi.staging.yaml",
      "        TABLE_NAME:",
      "        QUEUE_URL: { from: queueUrl }\n        TABLE_NAME:",
    );
    const target = await readTarget(workspace.folder, "staging").catch(() => undefined);
    assert.ok(target);
    const planned = await changes();
    assert.throws(
      () => refuseMissingInfrastructure(target, "3f9c2a1b-17", planned),
      (error: DeliveryError) => {
        assert.match(
          error.message,
          /one resource\. Nothing was changed.*pulumi up --stack staging/,
        );
        assert.deepEqual(error.details, ["create aws:sqs:Queue shipments"]);
        return true;
      },
    );
  });

  it("takes the change by pulumi up, and a release brings what is there already", async () => {
    await up(await stack(), log);
    assert.match((await variables()).QUEUE_URL, /shipments/);
    await emptyPreview(await stack(), log);
    change(
      "Pulumi.staging.yaml",
      "        QUEUE_URL:",
      "        OTHER_URL: { from: queueUrl }\n        QUEUE_URL:",
    );
    const target = await readTarget(workspace.folder, "staging");
    refuseMissingInfrastructure(target, "3f9c2a1b-17", await changes());
    // What a deployment runs: task definitions and services alone.
    await (await stack()).up({ target: targetUrns(target), suppressProgress: true });
    assert.match((await variables()).OTHER_URL, /shipments/);
    await emptyPreview(await stack(), log);
  });

  it("goes with a service that took it: what is left previews empty", async () => {
    change(
      "Pulumi.staging.yaml",
      "        OTHER_URL: { from: queueUrl }\n        QUEUE_URL: { from: queueUrl }\n",
      "",
    );
    change("resources.ts", '  const queue = new aws.sqs.Queue("shipments", { tags });\n', "");
    change("resources.ts", " queueUrl: queue.url,", "");
    const { changes: made } = await up(await stack(), log);
    assert.equal(made.delete, 1);
    assert.equal((await variables()).QUEUE_URL, undefined);
    await emptyPreview(await stack(), log);
  });

  it("is destroyed", async () => {
    const { TABLE_NAME } = await variables();
    assert.deepEqual(Object.keys((await destroy(await stack(), log)).changes), ["delete"]);
    await assert.rejects(
      new DynamoDBClient(bench.client).send(new DescribeTableCommand({ TableName: TABLE_NAME })),
      { name: "ResourceNotFoundException" },
    );
  });
});
