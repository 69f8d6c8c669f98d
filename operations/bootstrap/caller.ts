import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { DeliveryError, isNamed } from "../../delivery/errors";

/** Whose credentials these are. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
}

/** What the stack's file says of accounts, as Pulumi's provider reads it: 12 digits each. */
export interface AccountRule {
  readonly allowed?: readonly string[];
  readonly forbidden?: readonly string[];
}

/** What AWS calls keys that a region does not know. */
const unknownKeys = ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"];

/**
 * Who asks, which needs no right.
 * @throws DeliveryError where the region is not enabled: its STS does not know keys that others know ("Enable or disable AWS Regions
 *   in your account", AWS Account Management reference guide).
 */
export async function callerIn(
  region: string,
  sts: (region: string) => Pick<STSClient, "send">,
): Promise<Caller> {
  try {
    return await ask(sts(region));
  } catch (error) {
    const isElsewhere = region !== "us-east-1" && !/^(cn|us-gov|eusc)-/.test(region);
    if (!isElsewhere || !unknownKeys.some((name) => isNamed(error, name))) throw error;
    const { accountId } = await ask(sts("us-east-1"));
    throw new DeliveryError(
      `the region ${region} is not enabled in the account ${accountId}: aws account enable-region --region-name ${region} ` +
        "(it takes minutes), or name another one as aws:region. Nothing was created",
    );
  }
}

async function ask(sts: Pick<STSClient, "send">): Promise<Caller> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
  return { accountId: Account, arn: Arn };
}

/** @throws DeliveryError where the stack's file says that it is in another account. */
export function requireAccount(
  stack: string,
  { accountId, arn }: Caller,
  { allowed = [], forbidden = [] }: AccountRule,
): void {
  const isAllowed = allowed.length === 0 || allowed.includes(accountId);
  if (isAllowed && !forbidden.includes(accountId)) return;
  const rule = isAllowed
    ? `aws:forbiddenAccountIds has it`
    : `aws:allowedAccountIds has ${allowed.join(", ")} alone`;
  throw new DeliveryError(
    `these are credentials of the account ${accountId} (${arn}), and ${rule} in Pulumi.${stack}.yaml: ` +
      "sign in to the other account, or set AWS_PROFILE. Nothing was created",
  );
}
