import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { settingsOf, telling as tellingTimeouts, type CallLimits } from "../../delivery/clients";
import { isNamed } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import { awsKeys } from "../../stacks/config/encryptionKey";
import { telling } from "./refused";

/** By itself: no deployment asks KMS, and none is to load its client. */
export function makeKms(region: string, limits?: CallLimits): KMSClient {
  return tellingTimeouts(new KMSClient(settingsOf(region, undefined, undefined, limits)));
}

/**
 * ARN of the key that encrypts what the environment holds; undefined where AWS's own do, by config or since it has none yet.
 */
export async function environmentKeyArn(
  kms: () => Pick<KMSClient, "send">,
  { config: { encryptionKeyArn }, names }: Pick<Target, "config" | "names">,
): Promise<string | undefined> {
  if (encryptionKeyArn === awsKeys) return undefined;
  if (encryptionKeyArn !== undefined) return encryptionKeyArn;
  const KeyId = `alias/${names.prefix}`;
  try {
    const call = () => kms().send(new DescribeKeyCommand({ KeyId }));
    return (await telling(call, { doing: `looking at the key ${KeyId}` })).KeyMetadata?.Arn;
  } catch (error) {
    if (isNamed(error, "NotFoundException")) return undefined;
    throw error;
  }
}
