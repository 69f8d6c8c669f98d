import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { appContainer } from "../contract/containers";
import { findTaskDefinition } from "./deploy/ecs";
import type { Target } from "./target";

/** Whether a service has no task while no message waits for it, as its config wants it. */
export function startsByMessages({ services }: Target["config"], service: string): boolean {
  if (!Object.hasOwn(services, service)) return false;
  const made = services[service];
  if (made.kind !== "worker") return false;
  return made.scaling.min === 0 && made.scaling.messagesPerTask !== undefined;
}

/** The image that a container of a service's next task has, by default its own; undefined where it has no such container. */
export async function nextTaskImage(
  ecs: ECSClient,
  described: Service | undefined,
  container = appContainer,
): Promise<string | undefined> {
  const next = await findTaskDefinition(ecs)(described?.taskDefinition ?? "");
  return next?.images[container];
}
