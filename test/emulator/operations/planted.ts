import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreatePipelineCommand } from "@aws-sdk/client-codepipeline";
import {
  DescribeTaskDefinitionCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { appContainer } from "../../../contract/containers";
import { systemClock } from "../../../delivery/clock";
import { Ledger } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import { createLedgerTable } from "../../support/ledgerTable";
import {
  account,
  region,
  releaseOf,
  seedService,
  targetOf,
  type DeliveryBench,
} from "../delivery/support";
import { personAt, type Person } from "./support";

/** What a team keeps secret. Each but the password is known by its shape, wherever it stands. */
export interface Planted {
  /** An address with a password. */
  readonly database: string;
  /** PEM, of several lines. */
  readonly privateKey: string;
  /** A JSON web token. */
  readonly token: string;
  readonly payment: string;
  /** Nothing tells what it is but the name beside it. */
  readonly password: string;
}

const services = {
  web: {
    secrets: { DATABASE_URL: "shop/database", KEY: "/shop/key", TOKEN: "/shop/token" },
  },
  report: { kind: "job", schedule: "rate(1 day)" },
};
const execution = "3f9c2a1b-0000-4000-8000-000000000000";
const build = "99999999-2222-3333-4444-555555555555";

/** An environment whose secrets stand wherever those of a team may come to stand. @returns a person beside it. */
export async function plant(bench: DeliveryBench, planted: Planted): Promise<Person> {
  const target = targetOf(services);
  const person = personAt(bench, services);
  const connectionArn = `arn:aws:codeconnections:${region}:${account}:connection/${execution}`;
  const source = { type: "github", repository: "acme/shop", connectionArn };
  const settings = {
    staging: { "gantry:pipeline": { source } },
    production: {
      "gantry:posture": { relaxed: { "loadBalancer.domain": "a test" } },
      "gantry:notify": { emails: ["ops@example.com"] },
      "gantry:pipeline": {},
    },
  };
  for (const [stack, more] of Object.entries(settings)) {
    const config = { "aws:region": region, "gantry:services": services, ...more };
    person.project.lay(`Pulumi.${stack}.yaml`, JSON.stringify({ config }));
  }
  await inStores(bench, planted);
  const previous = await deployBadly(bench, planted);
  await writePointer(bench.clients.ssm, target.names, previous);
  await runPipeline(bench, planted);
  return person;
}

/** What programs print: each is a message of its own. */
function messagesOf({ database, privateKey, token, payment, password }: Planted): string[] {
  return [
    "secret things are said from here on",
    `cannot reach ${database}`,
    // Docker makes a message of every line.
    ...privateKey.trimEnd().split("\n"),
    "between two keys",
    JSON.stringify({ level: "debug", message: "read", key: privateKey }),
    `read ${Buffer.from(privateKey).toString("base64")}`,
    `GET /sign?key=${encodeURIComponent(privateKey)} 200`,
    `Authorization: Bearer ${token}`,
    `PAYMENT=${payment} PASSWORD=${password}`,
    JSON.stringify({ user: "shop", password, nested: JSON.stringify({ db_password: password }) }),
  ];
}

async function inStores(
  { clients, emulator }: DeliveryBench,
  { database, privateKey, token }: Planted,
): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const secrets = new SecretsManagerClient({ region, credentials, endpoint: emulator.url });
  await secrets.send(new CreateSecretCommand({ Name: "shop/database", SecretString: database }));
  const values = [
    { Name: "/shop/key", Value: privateKey, Type: "SecureString" },
    { Name: "/shop/token", Value: token, Type: "String" },
  ] as const;
  for (const value of values) await clients.ssm.send(new PutParameterCommand(value));
}

/** A deployment whose tasks crash: ECS goes back, and all who are asked why say more than they should. */
async function deployBadly(bench: DeliveryBench, planted: Planted) {
  const { clients } = bench;
  const target = targetOf(services);
  const { cluster, ledger: table } = target.names;
  const service = target.names.service("web");
  await createLedgerTable(clients, target);
  const { image, taskDefinitionArn } = await seedService(bench, target, "aaaaaaaa");
  const [previous, release] = [
    releaseOf({ web: image }),
    releaseOf({ web: { ...image, tag: "bbbbbbbb" } }, 2),
  ];
  const ledger = new Ledger(clients.dynamodb, table, systemClock, target.stack);
  const good = await ledger.begin(
    { kind: "deploy", release: previous, owner: "e-1", actor: "ada" },
    await ledger.recent(),
  );
  const ended = await ledger.end(good, { status: "deployed", seconds: 60 });
  await ledger.mark(ended, { status: "verified" });
  const bad = await ledger.begin(
    { kind: "deploy", release, previous, owner: execution, actor: "pipeline" },
    await ledger.recent(),
  );
  const reason = `web: cannot reach ${planted.database} with PASSWORD=${planted.password}`;
  await bench.emulator.control("ecs/next-deployment", {
    ...{ cluster, service, outcome: "rollsBack", exitCode: 1 },
    ...{ containerReason: reason, events: [`was unable to place a task: ${reason}`] },
  });
  const { taskDefinition } = await clients.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
  );
  const environment = Object.entries<string>({ ...planted }).map(([name, value]) => ({
    name,
    value,
  }));
  const registered = await clients.ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ ...taskDefinition, family: target.names.taskFamily("web") },
      containerDefinitions: taskDefinition?.containerDefinitions?.map((container) => ({
        ...{ ...container, environment, command: ["serve", `--url=${planted.database}`] },
      })),
    }),
  );
  await clients.ecs.send(
    new UpdateServiceCommand({
      ...{ cluster, service },
      taskDefinition: registered.taskDefinition?.taskDefinitionArn,
    }),
  );
  const { taskArns = [] } = await clients.ecs.send(
    new ListTasksCommand({ cluster, serviceName: service, desiredStatus: "STOPPED" }),
  );
  const tasks = taskArns.map((arn) => arn.split("/").at(-1) ?? "");
  const messages = messagesOf(planted);
  await log(bench, target.names.logGroup("report"), `app/app/${"1".repeat(32)}`, messages);
  for (const id of tasks) {
    const stream = `${appContainer}/${appContainer}/${id}`;
    await log(bench, target.names.logGroup("web"), stream, messages);
  }
  const why = [reason, planted.privateKey, ...messages].join("\n");
  await ledger.end(bad, { status: "failed", seconds: 42, reason: why, restored: previous.id });
  const by = "ada";
  await ledger.annotate({ note: "hold", by, reason }, await ledger.recent());
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await ledger.annotate(
    { note: "override", by, reason: why, until, gates: ["alarms"] },
    await ledger.recent(),
  );
  return previous;
}

async function log(
  { clients: { logs } }: DeliveryBench,
  logGroupName: string,
  logStreamName: string,
  messages: readonly string[],
): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined);
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const now = Date.now();
  const logEvents = messages.map((message, index) => ({ message, timestamp: now + index }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

/** An execution whose build failed, and says why. */
async function runPipeline(bench: DeliveryBench, planted: Planted): Promise<void> {
  const { clients, emulator } = bench;
  const { names } = targetOf(services);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const trust = {
    ...{ Effect: "Allow", Action: "sts:AssumeRole" },
    Principal: { Service: "codepipeline.amazonaws.com" },
  };
  await new IAMClient({ region, credentials, endpoint: emulator.url }).send(
    new CreateRoleCommand({
      RoleName: "pipeline",
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    }),
  );
  const kind = (category: "Source" | "Build" | "Approval", provider: string) => ({
    actionTypeId: { category, owner: "AWS" as const, provider, version: "1" },
  });
  await clients.codepipeline.send(
    new CreatePipelineCommand({
      pipeline: {
        ...{ name: names.pipeline, pipelineType: "V2", executionMode: "QUEUED" },
        roleArn: `arn:aws:iam::${account}:role/pipeline`,
        artifactStore: { type: "S3", location: "artifacts" },
        stages: [
          { name: "Source", actions: [{ name: "Source", ...kind("Source", "S3") }] },
          { name: "Approve", actions: [{ name: "Approve", ...kind("Approval", "Manual") }] },
          { name: "Deploy", actions: [{ name: "Deploy", ...kind("Build", "CodeBuild") }] },
        ],
      },
    }),
  );
  const messages = messagesOf(planted);
  await log(bench, `/aws/codebuild/${names.action("deploy")}`, build, messages);
  const startTime = Date.now() / 1000 - 120;
  const summary = `Build terminated: ${messages.join("\n")}`;
  await emulator.control("pipeline-executions", {
    pipeline: names.pipeline,
    execution: {
      ...{ pipelineExecutionId: execution, status: "Failed", stage: "Deploy" },
      actions: [
        {
          ...{ stageName: "Deploy", actionName: "Deploy", status: "Failed" },
          ...{ startTime, lastUpdateTime: startTime + 60 },
          output: {
            executionResult: {
              externalExecutionId: `${names.action("deploy")}:${build}`,
              externalExecutionSummary: summary,
              errorDetails: { code: "JobFailed", message: summary },
            },
          },
        },
      ],
    },
  });
  await emulator.control("pipeline-approvals", {
    ...{ pipeline: names.pipeline, stageName: "Approve", actionName: "Approve" },
  });
}
