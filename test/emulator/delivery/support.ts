import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRepositoryCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../../contract/containers";
import { makeClients, type Clients } from "../../../delivery/clients";
import type { Target } from "../../../delivery/target";
import { startEmulator, type Emulator } from "../../../rehearsal/emulator";
import { parseConfig } from "../../../stacks/config";
import type { Release, ReleaseImage } from "../../../contract/manifest";
import { environmentNames } from "../../../contract/names";

export { FakeClock } from "./fakeClock";

export interface DefaultNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** An emulator without an engine, and clients of it. */
export interface DeliveryBench {
  readonly emulator: Emulator;
  readonly clients: Clients;
  /** The emulator's default VPC, which every reset makes anew, and where its tasks run. */
  network(): Promise<DefaultNetwork>;
  /** API calls since the last one, by `service:Action`. */
  callsOf(run: () => Promise<unknown>): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

export const account = "123456789012";
export const region = "eu-west-1";

export async function startDeliveryBench(): Promise<DeliveryBench> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-delivery-"));
  const emulator = await startEmulator({ logFile: join(folder, "emulator.log"), region });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return {
    emulator,
    clients: makeClients(region, credentials, emulator.url),
    network: () => defaultNetwork(emulator),
    callsOf: async (run) => {
      const { cursor } = await emulator.calls();
      await run();
      return (await emulator.calls({ since: cursor })).calls;
    },
    stop: async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Read without a client of EC2, which nothing else here needs. */
async function defaultNetwork(emulator: Emulator): Promise<DefaultNetwork> {
  const answer = await fetch(emulator.url, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ec2/aws4_request`,
    },
    body: "Action=DescribeSubnets&Version=2016-11-15",
  });
  const text = await answer.text();
  const all = (element: string) =>
    [...text.matchAll(new RegExp(`<${element}>([^<]+)<`, "g"))].map((match) => match[1]);
  return { vpcId: all("vpcId")[0], subnetIds: all("subnetId") };
}

/** The stack `staging` of `shop`, with the service `web` unless `services` says otherwise. */
export function targetOf(
  services: Readonly<Record<string, object>> = { web: {} },
  stack = "staging",
): Target {
  const config = parseConfig({
    project: "shop",
    stack,
    region,
    values: { "gantry:services": JSON.stringify(services) },
  });
  return {
    folder: "/nowhere",
    root: "/nowhere",
    project: "shop",
    stack,
    region,
    config,
    names: environmentNames(config),
  };
}

/** A release of images that are pushed already. */
export function releaseOf(images: Readonly<Record<string, ReleaseImage>>, build = 1): Release {
  const { tag } = Object.values(images)[0];
  return {
    id: `${tag}-${build}`,
    commit: tag.repeat(5),
    createdAt: "2026-01-31T12:00:00Z",
    images: { ...images },
  };
}

/** A manifest of an image that differs for each `content`. */
export function manifestOf(content: string): string {
  const hash = createHash("sha256").update(content).digest("hex");
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${hash}`,
      size: 2,
    },
    layers: [],
  });
}

/** Makes the service's repository where it is missing. */
export async function createRepository(
  { ecr }: Clients,
  { names }: Target,
  service: string,
): Promise<void> {
  try {
    await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: names.repository(service),
        imageTagMutability: "IMMUTABLE",
      }),
    );
  } catch (error) {
    if ((error as Error).name !== "RepositoryAlreadyExistsException") throw error;
  }
}

/**
 * Pushes an image of the service.
 * @param tag 8 hexadecimal digits: the beginning of its commit.
 */
export async function pushImage(
  clients: Clients,
  target: Target,
  service: string,
  tag: string,
  content = tag,
): Promise<ReleaseImage> {
  await createRepository(clients, target, service);
  const repositoryName = target.names.repository(service);
  const { image } = await clients.ecr.send(
    new PutImageCommand({ repositoryName, imageTag: tag, imageManifest: manifestOf(content) }),
  );
  const digest = image?.imageId?.imageDigest;
  if (!digest) throw new Error("the emulator answers no digest");
  return { uri: `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`, tag, digest };
}

/** Registers a revision of the service's task definition with an image. */
export async function defineTask(
  { ecs }: Clients,
  { names }: Target,
  service: string,
  image: string,
): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: names.taskFamily(service),
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      executionRoleArn: `arn:aws:iam::${account}:role/${names.prefix}-execution`,
      taskRoleArn: `arn:aws:iam::${account}:role/${names.prefix}-task`,
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      containerDefinitions: [
        {
          name: appContainer,
          image,
          essential: true,
          environment: [{ name: "PORT", value: "3000" }],
          portMappings: [{ name: appContainer, containerPort: 3000 }],
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": names.logGroup(service),
              "awslogs-region": region,
              "awslogs-stream-prefix": appContainer,
            },
          },
        },
      ],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

/** What a seeded environment has. */
export interface Seeded {
  /** Of the service's task definition. */
  readonly taskDefinitionArn: string;
  readonly image: ReleaseImage;
}

type SeededBench = Pick<DeliveryBench, "clients" | "network">;

/** A cluster with one service on the image `tag`, two tasks of which run. */
export async function seedService(
  { clients, network }: SeededBench,
  target: Target,
  tag: string,
  { service = "web", ...more }: { service?: string } & Partial<CreateServiceCommandInput> = {},
): Promise<Seeded> {
  const { names } = target;
  const image = await pushImage(clients, target, service, tag);
  const { subnetIds } = await network();
  await clients.ecs.send(new CreateClusterCommand({ clusterName: names.cluster }));
  const taskDefinitionArn = await defineTask(
    clients,
    target,
    service,
    `${image.uri}@${image.digest}`,
  );
  await clients.ecs.send(
    new CreateServiceCommand({
      cluster: names.cluster,
      serviceName: names.service(service),
      taskDefinition: taskDefinitionArn,
      desiredCount: 2,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: [...subnetIds] } },
      ...more,
    }),
  );
  return { taskDefinitionArn, image };
}

/** Pushes an image and updates the service to it, as `pulumi up` would. */
export async function updateService(
  clients: Clients,
  target: Target,
  tag: string,
  service = "web",
): Promise<Seeded> {
  const image = await pushImage(clients, target, service, tag);
  const taskDefinition = await defineTask(clients, target, service, `${image.uri}@${image.digest}`);
  await clients.ecs.send(
    new UpdateServiceCommand({
      cluster: target.names.cluster,
      service: target.names.service(service),
      taskDefinition,
    }),
  );
  return { taskDefinitionArn: taskDefinition, image };
}

/** What Verify writes of a release with one service. */
export function verificationOf(release: Release, passed: boolean) {
  const attempts = passed ? 1 : 2;
  const web = { passed, attempts, seconds: 1, output: passed ? [] : ["no answer"] };
  return { release: release.id, passed, at: "2026-01-31T12:00:00Z", services: { web } };
}
