import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Credentials } from "./clients";

/**
 * The keys of a role, for an hour.
 * @param session what CloudTrail calls who has taken it on.
 * @throws where it does not exist, or does not trust who asks.
 */
export async function assumeRole(
  sts: Pick<STSClient, "send">,
  roleArn: string,
  session: string,
): Promise<Credentials> {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {};
  if (!AccessKeyId || !SecretAccessKey) throw new Error("STS gave no keys");
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}
