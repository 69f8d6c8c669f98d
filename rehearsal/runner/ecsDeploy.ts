import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import type { ActionContext, ActionOutcome } from "./action";
import { ActionError } from "./errors";
import { extractZip } from "./zip";

interface ImageDefinition {
  readonly name: string;
  readonly imageUri: string;
}

/** How long CodePipeline waits for a deployment. */
const timeoutMs = 60 * 60_000;
const pollMs = 500;

/**
 * CodePipeline's action `ECS`: a new revision of the task definition that the service has, with the images that a file
 * names, and a deployment of it that is waited for.
 */
export async function deployToEcs(context: ActionContext): Promise<ActionOutcome> {
  const { connection, configuration, action, orchestrator } = context;
  const { ClusterName: cluster, ServiceName: name } = configuration;
  const settings = connection.as(orchestrator);
  const folder = join(context.folder, "input");
  mkdirSync(folder, { recursive: true });
  extractZip(await context.artifacts.get(settings, action.inputArtifacts[0]), folder);
  const file = configuration.FileName || "imagedefinitions.json";
  const images = readImages(folder, file);

  const client = new ECSClient(settings);
  const describe = async (): Promise<Service> => {
    const { services = [] } = await client.send(
      new DescribeServicesCommand({ cluster, services: [name] }),
    );
    if (services.length === 0) throw new ActionError(`${cluster} has no service ${name}`);
    return services[0];
  };
  const service = await describe();
  const { taskDefinition, tags } = await client.send(
    new DescribeTaskDefinitionCommand({
      taskDefinition: service.taskDefinition,
      include: ["TAGS"],
    }),
  );
  const containers = taskDefinition?.containerDefinitions ?? [];
  const unknown = images.filter((image) => !containers.some((one) => one.name === image.name));
  if (unknown.length > 0) {
    throw new ActionError(
      `${file} names ${unknown.map((one) => one.name).join(", ")}, which the task definition of ${name} does not have (it has: ${containers.map((one) => one.name).join(", ")})`,
    );
  }
  const registered = await client.send(
    new RegisterTaskDefinitionCommand({
      ...taskDefinition,
      family: taskDefinition?.family,
      containerDefinitions: containers.map((container) => ({
        ...container,
        image: images.find((image) => image.name === container.name)?.imageUri ?? container.image,
      })),
      tags: tags?.length ? tags : undefined,
    }),
  );
  const arn = registered.taskDefinition?.taskDefinitionArn ?? "";
  await client.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition: arn }));
  await settle(describe, arn);
  return { tail: [`${name} runs ${images.map((image) => image.imageUri).join(", ")}`] };
}

function readImages(folder: string, file: string): readonly ImageDefinition[] {
  try {
    const images = JSON.parse(readFileSync(join(folder, file), "utf8")) as ImageDefinition[];
    if (Array.isArray(images) && images.every((one) => one.name && one.imageUri)) return images;
  } catch {
    // Said below.
  }
  throw new ActionError(`${file} is missing from the artifact, or no list of { name, imageUri }`);
}

async function settle(describe: () => Promise<Service>, taskDefinition: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const service = await describe();
    const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
    if (primary?.taskDefinition !== taskDefinition) {
      throw new ActionError(`${service.serviceName} was rolled back to ${primary?.taskDefinition}`);
    }
    if (primary.rolloutState === "FAILED") {
      throw new ActionError(primary.rolloutStateReason ?? "the deployment failed");
    }
    if (primary.rolloutState === "COMPLETED") return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new ActionError("the deployment did not end within 60 minutes");
}
