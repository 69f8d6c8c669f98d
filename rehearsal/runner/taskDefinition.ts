import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  type ContainerDefinition,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import type { Connection } from "./connection";

/**
 * A task definition as ECS has it.
 * @param named ARN, or family with revision.
 */
export async function taskDefinitionOf(
  { root }: Connection,
  named: string,
): Promise<TaskDefinition> {
  const described = await new ECSClient(root).send(
    new DescribeTaskDefinitionCommand({ taskDefinition: named }),
  );
  return described.taskDefinition ?? {};
}

/**
 * The service's own container of a task definition.
 * @throws Error where there is none.
 */
export function containerOf({
  containerDefinitions: containers = [],
  taskDefinitionArn,
}: TaskDefinition): ContainerDefinition {
  // A sidecar listens as well at times.
  const found = containers.find(({ name }) => name === appContainer) ?? containers[0];
  if (!found) throw new Error(`the task definition ${taskDefinitionArn} has no container`);
  return found;
}
