import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { Connection, SessionCredentials } from "./connection";
import { assumeRole } from "./credentials";
import type { ImageTools } from "./images";

/**
 * What a task has of AWS: its region, and keys of its role for an hour, in place of the address that ECS hands them out at. An
 * engine's containers have a network of their own, where the emulator is not: they have none of it.
 * @throws ActionError where the role does not trust ECS.
 */
export async function taskRoleVariables(
  connection: Connection,
  { builder }: Pick<ImageTools, "builder">,
  { taskRoleArn, taskDefinitionArn = "" }: TaskDefinition,
): Promise<Readonly<Record<string, string>>> {
  if (builder === "docker" || builder === "podman") return {};
  if (taskRoleArn === undefined) return {};
  const [, , , region] = taskDefinitionArn.split(":");
  const keys = await assumeAsTask(connection, taskRoleArn, taskDefinitionArn);
  return {
    AWS_ENDPOINT_URL: connection.emulator.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken ?? "",
  };
}

/**
 * Keys of a role of a task, which ECS takes on for it.
 * @throws ActionError where the role does not trust ECS.
 */
export function assumeAsTask(
  connection: Connection,
  roleArn: string,
  taskDefinitionArn: string,
): Promise<SessionCredentials> {
  const [, , , region, sourceAccount] = taskDefinitionArn.split(":");
  return assumeRole(connection, {
    roleArn,
    service: "ecs-tasks.amazonaws.com",
    sourceArn: `arn:aws:ecs:${region}:${sourceAccount}:*`,
    sourceAccount,
  });
}
