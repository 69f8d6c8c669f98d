import { AssumeRoleCommand, STSClient, type Credentials } from "@aws-sdk/client-sts";
import type { Connection, SessionCredentials } from "./connection";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import type { Action, Pipeline } from "./pipelines";

/** A role that a service of AWS takes on. */
export interface RoleRequest {
  readonly roleArn: string;
  readonly service:
    | "codebuild.amazonaws.com"
    | "codepipeline.amazonaws.com"
    | "ecs-tasks.amazonaws.com"
    | "states.amazonaws.com";
  /** On whose behalf: the project, pipeline, cluster or state machine. Trust policies are bound to it. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/**
 * Keys of a role, as the service would get them: the emulator evaluates the role's trust policy, and what the keys then
 * sign is held to the role's permissions.
 * @throws ActionError where the role does not trust the service for this project or pipeline.
 */
export async function assumeRole(
  connection: Connection,
  request: RoleRequest,
): Promise<SessionCredentials> {
  try {
    return await connection.emulator.control<SessionCredentials>("sessions", request);
  } catch (error) {
    const reason = messageOf(error);
    if (!reason.includes("no such endpoint")) {
      throw new ActionError(`${request.service} cannot take on ${request.roleArn}: ${reason}`);
    }
    return plainSession(connection, request.roleArn);
  }
}

async function plainSession(connection: Connection, roleArn: string): Promise<SessionCredentials> {
  const { Credentials: keys } = await new STSClient(connection.root).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "rehearsal" }),
  );
  return sessionOf(keys);
}

function sessionOf(keys: Credentials | undefined): SessionCredentials {
  return {
    accessKeyId: keys?.AccessKeyId ?? "",
    secretAccessKey: keys?.SecretAccessKey ?? "",
    sessionToken: keys?.SessionToken,
  };
}

/** CodePipeline takes on the pipeline's role, and from there that of an action which names another. */
export async function orchestratorOf(
  connection: Connection,
  pipeline: Pipeline,
  { roleArn }: Action,
  sessionName: string,
): Promise<SessionCredentials> {
  const own = await assumeRole(connection, {
    roleArn: pipeline.roleArn,
    service: "codepipeline.amazonaws.com",
    sourceArn: pipeline.arn,
    sourceAccount: pipeline.account,
  });
  if (roleArn === pipeline.roleArn) return own;
  try {
    const sts = new STSClient(connection.as(own));
    const request = { RoleArn: roleArn, RoleSessionName: sessionName };
    const { Credentials: keys } = await sts.send(new AssumeRoleCommand(request));
    return sessionOf(keys);
  } catch (error) {
    throw new ActionError(`the pipeline cannot take on ${roleArn}: ${messageOf(error)}`);
  }
}
