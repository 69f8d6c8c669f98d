import type { ECSClient } from "@aws-sdk/client-ecs";
import { appContainer } from "../contract/containers";
import { findTaskDefinition } from "./deploy/ecs";
import type { Target } from "./target";

/** Whether a service is a job, of which ECS has task definitions alone. */
export function isJob({ services }: Target["config"], service: string): boolean {
  return Object.hasOwn(services, service) && services[service].kind === "job";
}

/** The jobs of an environment, as config calls them. */
export function jobsOf(config: Target["config"]): string[] {
  return Object.keys(config.services).filter((name) => isJob(config, name));
}

/** By job: the ARN of the newest task definition of its family, which is what it runs next. */
export async function jobTaskDefinitions(
  ecs: ECSClient,
  { config, names }: Pick<Target, "config" | "names">,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const job of jobsOf(config)) {
    const newest = await findTaskDefinition(ecs)(names.taskFamily(job));
    if (newest) found[job] = newest.arn;
  }
  return found;
}

/** The image that a container of a job runs next, by default its own; undefined where its family has no active task definition. */
export async function nextImage(
  ecs: ECSClient,
  names: Target["names"],
  job: string,
  container = appContainer,
): Promise<string | undefined> {
  return (await findTaskDefinition(ecs)(names.taskFamily(job)))?.images[container];
}

/** Digest of an image by `<repository>@<digest>`; undefined where it is named by a tag. */
export function digestOf(image: string | undefined): string | undefined {
  return image?.split("@").at(1);
}
