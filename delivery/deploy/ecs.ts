import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Service,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import type { FindTaskDefinition } from "../engine/pendingCreates";
import type { Target } from "../target";
import { isNamed } from "../errors";
import { isJob, jobsOf, nextImage } from "../jobs";

/** DescribeServices takes no more at once. */
export const servicesPerCall = 10;

/** The newest revision of a family, as ECS has it. */
export function findTaskDefinition(ecs: ECSClient): FindTaskDefinition {
  return async (family) => {
    try {
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: family }),
      );
      const { taskDefinitionArn: arn, revision, containerDefinitions = [] } = taskDefinition ?? {};
      const images = Object.fromEntries(
        containerDefinitions.map(({ name, image }) => [name ?? "", image ?? ""]),
      );
      return arn && revision ? { arn, revision, images } : undefined;
    } catch (error) {
      // ECS answers so when a family has no active revision.
      if (isNamed(error, "ClientException")) {
        return undefined;
      }
      throw error;
    }
  };
}

/** Active services by the name that config gives them. */
export type DescribedServices = Readonly<Record<string, Service>>;

/** The services of an environment as ECS has them, by the name that config gives them. */
export async function describeServices(
  ecs: ECSClient,
  { config, names }: Pick<Target, "config" | "names">,
): Promise<DescribedServices> {
  const services = Object.keys(config.services).filter((service) => !isJob(config, service));
  const found: Record<string, Service> = {};
  for (let first = 0; first < services.length; first += servicesPerCall) {
    const part = services.slice(first, first + servicesPerCall);
    const answer = await ecs.send(
      new DescribeServicesCommand({
        cluster: names.cluster,
        services: part.map((service) => names.service(service)),
      }),
    );
    for (const service of part) {
      const description = answer.services?.find(
        ({ serviceName, status }) => serviceName === names.service(service) && status === "ACTIVE",
      );
      if (description) found[service] = description;
    }
  }
  return found;
}

/** By service: the ARN of the task definition that it is on. */
export function taskDefinitionsOf(services: DescribedServices): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(services).flatMap(([service, { taskDefinition }]) =>
      taskDefinition ? [[service, taskDefinition] as const] : [],
    ),
  );
}

/** One line a service: how many tasks run, and which image. */
export async function runningImages(ecs: ECSClient, target: Target): Promise<string[]> {
  const lines: string[] = [];
  for (const [service, description] of Object.entries(await describeServices(ecs, target))) {
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: description.taskDefinition }),
    );
    const app = taskDefinition?.containerDefinitions?.find(({ name }) => name === appContainer);
    lines.push(
      `${service}: ${description.runningCount ?? 0} of ${description.desiredCount ?? 0} tasks run, ` +
        `the service is on ${app?.image ?? description.taskDefinition ?? "no task definition"}`,
    );
  }
  for (const job of jobsOf(target.config)) {
    const image = await nextImage(ecs, target.names, job);
    lines.push(`${job}: a job, whose next run has ${image ?? "no task definition"}`);
  }
  return lines;
}
