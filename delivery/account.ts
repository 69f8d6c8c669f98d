import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Target } from "./target";

/** Where something runs. */
export interface OwnAccount {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly accountId: string;
}

/**
 * The account of an environment, as whoever works on it is in. A build of the environment's own pipeline is told it by CodeBuild, in
 * `CODEBUILD_BUILD_ARN` ("Environment variables in build environments", CodeBuild user guide); a build of any other may have taken on a
 * role elsewhere, so STS is asked then, as it is beside builds.
 */
export async function ownAccount(
  sts: Pick<STSClient, "send">,
  { names }: Pick<Target, "names">,
  env: NodeJS.ProcessEnv = process.env,
  abortSignal?: AbortSignal,
): Promise<OwnAccount> {
  const isOwnBuild = env.CODEBUILD_INITIATOR === `codepipeline/${names.pipeline}`;
  const told = isOwnBuild ? partsOf(env.CODEBUILD_BUILD_ARN) : undefined;
  return told ?? callersAccount(sts, abortSignal);
}

/** The account whose credentials ask. */
export async function callersAccount(
  sts: Pick<STSClient, "send">,
  abortSignal?: AbortSignal,
): Promise<OwnAccount> {
  const { Arn, Account = "" } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
  return partsOf(Arn) ?? { partition: "aws", accountId: Account };
}

/** `arn:<partition>:<service>:<region>:<account>:...`; undefined where it is none. */
function partsOf(arn: string | undefined): OwnAccount | undefined {
  const [, partition, accountId] = /^arn:([^:]+):[^:]*:[^:]*:(\d{12}):/.exec(arn ?? "") ?? [];
  return accountId === undefined ? undefined : { partition, accountId };
}
