import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DescribeRepositoriesCommand, ECRClient, ListImagesCommand } from "@aws-sdk/client-ecr";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
} from "@aws-sdk/client-ecs";
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { paginateGetParametersByPath, SSMClient, type Parameter } from "@aws-sdk/client-ssm";
import type { Emulator } from "../../rehearsal/emulator";
import { placesOf } from "../../rehearsal/places";
import { connectionTo, type ClientSettings } from "../../rehearsal/runner/connection";
import { OciClient, parseReference, type Manifest } from "../../rehearsal/runner/ociClient";
import type { Place } from "../support/secretFinder";
import type { Finished } from "./clone";

/** Everything that a rehearsal prints, and leaves on this machine and in the emulated account, but the stores of secrets. */
export async function whatIsLeft(
  emulator: Emulator,
  folder: string,
  { stdout, stderr }: Finished,
): Promise<Place[]> {
  const { root } = connectionTo(emulator);
  const { own, tools } = placesOf(folder);
  return [
    textOf("standard output", stdout),
    textOf("standard error", stderr),
    ...files(own, tools).map((file) => ({
      where: relative(folder, file),
      content: readFileSync(file),
    })),
    ...(await objects(root)),
    ...(await logs(root)),
    ...(await tables(root)),
    ...(await images(root)),
    ...(await messages(emulator)),
    ...(await taskDefinitions(root)),
    ...(await parameters(root)),
  ];
}

function textOf(where: string, text: string): Place {
  return { where, content: Buffer.from(text) };
}

/**
 * Installed packages are what their makers published.
 * @param without a folder with the stores of builders: what is in an image is asked of the registry.
 */
function files(folder: string, without: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name);
    const kind = lstatSync(file);
    if (kind.isDirectory()) {
      return file === without || name === "node_modules" ? [] : files(file, without);
    }
    return kind.isFile() ? [file] : [];
  });
}

/** Objects of all buckets with their versions: artifacts, manifests, plans, evidence, the state. */
async function objects(root: ClientSettings): Promise<Place[]> {
  const s3 = new S3Client({ ...root, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const places: Place[] = [];
  for (const { Name: Bucket } of Buckets) {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    for (const { Key, VersionId } of Versions) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      const content = (await Body?.transformToByteArray()) ?? new Uint8Array();
      places.push({ where: `s3://${Bucket}/${Key}`, content });
    }
  }
  return places;
}

async function logs(root: ClientSettings): Promise<Place[]> {
  const client = new CloudWatchLogsClient(root);
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  const places: Place[] = [];
  for (const { logGroupName } of logGroups) {
    const { logStreams = [] } = await client.send(new DescribeLogStreamsCommand({ logGroupName }));
    for (const { logStreamName } of logStreams) {
      const { events = [] } = await client.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
      );
      const lines = events.map(({ message }) => message).join("\n");
      places.push(textOf(`log group ${logGroupName}: ${logStreamName}`, lines));
    }
  }
  return places;
}

async function tables(root: ClientSettings): Promise<Place[]> {
  const client = new DynamoDBClient(root);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return Promise.all(
    TableNames.map(async (TableName) => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName }));
      return textOf(`table ${TableName}`, JSON.stringify(Items));
    }),
  );
}

/** Manifests, configurations and layers, each once. */
async function images(root: ClientSettings): Promise<Place[]> {
  const ecr = new ECRClient(root);
  const client = new OciClient();
  const blobs = new Map<string, Place>();
  const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
  for (const { repositoryName, repositoryUri } of repositories) {
    const { imageIds = [] } = await ecr.send(new ListImagesCommand({ repositoryName }));
    for (const imageDigest of new Set(imageIds.map((id) => id.imageDigest ?? ""))) {
      const image = parseReference(`${repositoryUri}@${imageDigest}`);
      const { text } = await client.manifest(image);
      const { config, layers = [], manifests = [] } = JSON.parse(text) as Manifest;
      blobs.set(imageDigest, textOf(`image ${repositoryName}: manifest`, text));
      for (const { digest } of [...(config ? [config] : []), ...layers, ...manifests]) {
        if (blobs.has(digest) || manifests.some((one) => one.digest === digest)) continue;
        const content = await client.blob(image, digest);
        blobs.set(digest, { where: `image ${repositoryName}: ${digest}`, content });
      }
    }
  }
  return [...blobs.values()];
}

/** What people were told, in each of its texts. */
async function messages(emulator: Emulator): Promise<Place[]> {
  const told = await emulator.control<{ messages: readonly { topic: string }[] }>("messages");
  return told.messages.map((message, index) =>
    textOf(`message ${index + 1} to ${message.topic}`, JSON.stringify(message)),
  );
}

/** Task definitions, also those that actions have registered. What Pulumi has made beside them is in its state. */
async function taskDefinitions(root: ClientSettings): Promise<Place[]> {
  const ecs = new ECSClient(root);
  const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({}));
  return Promise.all(
    taskDefinitionArns.map(async (arn) => {
      const found = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      return textOf(`task definition ${arn}`, JSON.stringify(found.taskDefinition));
    }),
  );
}

/** Parameters that everybody reads: pointers. */
async function parameters(root: ClientSettings): Promise<Place[]> {
  const plain = await parametersOf(root, ["String", "StringList"]);
  return plain.map(({ Name, Value = "" }) => textOf(`parameter ${Name}`, Value));
}

async function parametersOf(root: ClientSettings, types: readonly string[]): Promise<Parameter[]> {
  const ssm = new SSMClient(root);
  const found = paginateGetParametersByPath(
    { client: ssm },
    { Path: "/", Recursive: true, WithDecryption: true },
  );
  const all: Parameter[] = [];
  for await (const { Parameters = [] } of found) all.push(...Parameters);
  return all.filter(({ Type = "" }) => types.includes(Type));
}

/** The stores themselves: what is in Secrets Manager and in parameters that are secure. */
export async function keptSecrets(root: ClientSettings): Promise<Place[]> {
  const secrets = new SecretsManagerClient(root);
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({ MaxResults: 100 }));
  const secure = await parametersOf(root, ["SecureString"]);
  const values = SecretList.map(async ({ ARN = "" }) => {
    const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: ARN }));
    return textOf(ARN, SecretString);
  });
  return [
    ...(await Promise.all(values)),
    ...secure.map(({ Name = "", Value = "" }) => textOf(Name, Value)),
  ];
}
