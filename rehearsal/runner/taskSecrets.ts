import type { ContainerDefinition, Secret, TaskDefinition } from "@aws-sdk/client-ecs";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { messageOf } from "../../delivery/errors";
import type { ClientSettings, Connection } from "./connection";
import { readSecret } from "./environment";
import { assumeAsTask } from "./taskRole";

/**
 * The secrets of a container, as ECS reads them before it starts one: by the execution role of its task. One that has no value
 * here, such as those of own resources that a person fills in, is left out.
 * @throws Error in ECS's words where the role may not read one.
 */
export async function taskSecrets(
  connection: Connection,
  { secrets = [] }: Pick<ContainerDefinition, "secrets">,
  { executionRoleArn = "", taskDefinitionArn = "" }: TaskDefinition,
): Promise<Readonly<Record<string, string>>> {
  if (secrets.length === 0) return {};
  try {
    const keys = await assumeAsTask(connection, executionRoleArn, taskDefinitionArn);
    const read = secrets.map((secret) => valueOf(connection.as(keys), secret));
    return Object.fromEntries((await Promise.all(read)).flat());
  } catch (error) {
    const unable = "ResourceInitializationError: unable to pull secrets or registry auth";
    throw new Error(`${unable}: ${messageOf(error)}`, { cause: error });
  }
}

async function valueOf(
  settings: ClientSettings,
  { name = "", valueFrom = "" }: Secret,
): Promise<[string, string][]> {
  if (!/^arn:[^:]+:secretsmanager:/.test(valueFrom)) {
    const Names = [valueFrom.replace(/^arn:.*:parameter/, "")];
    const request = new GetParametersCommand({ Names, WithDecryption: true });
    const { Parameters = [] } = await new SSMClient(settings).send(request);
    return Parameters.map(({ Value = "" }) => [name, Value]);
  }
  try {
    return [[name, await readSecret(settings, valueFrom)]];
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
    throw error;
  }
}
