import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { firstLineOf } from "../../../delivery/errors";
import type { Target } from "../../../delivery/target";
import { certificatesOf } from "../../../stacks/config/sides";
import type { Check, Diagnosis, Finding } from "../check";

/** An account that config says the environment is in. */
interface SaidAccount {
  readonly account: string;
  /** Where it is said. */
  readonly where: string;
}

/** Whose credentials ask, and whether the environment is in their account, as far as config says which it is in. */
export const accountCheck: Check = {
  name: "account",
  title: "the credentials",
  run: async ({ target, others, clients, env, account }): Promise<Diagnosis> => {
    let caller: string;
    try {
      const { Arn = "" } = await clients.sts.send(new GetCallerIdentityCommand({}));
      caller = Arn;
    } catch (error) {
      return { well: "", findings: [notSignedIn(error, env)] };
    }
    const { accountId } = await account();
    const findings = saidAccounts(target, others)
      .filter((said) => said.account !== accountId)
      .map(({ account: said, where }): Finding => ({
        severity: "error",
        where,
        what: `${target.stack} is in the account ${said}, and these credentials (${caller}) are of ${accountId}`,
        fix: `sign in to ${said}: set AWS_PROFILE to a profile of that account`,
      }));
    const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? target.region;
    if (region !== target.region) {
      findings.push({
        severity: "note",
        where: "AWS_REGION",
        what: `it says ${region}, and ${target.stack} is in ${target.region}: gantry goes by the stack's, other tools of this shell do not`,
        fix: "set it to the stack's region before you use the AWS CLI",
        command: `export AWS_REGION=${target.region}`,
      });
    }
    return { well: `${caller}, in ${target.region}`, findings };
  },
};

/** Where config says which account an environment is in: what it uses of its own account, and what promotes into it. */
export function saidAccounts(target: Target, others: readonly Target[]): SaidAccount[] {
  const { config, stack } = target;
  const file = `Pulumi.${stack}.yaml`;
  const own = certificatesOf(config.loadBalancer).map(({ path, arn }) => ({
    ...{ account: arn.split(":")[4], where: `${path.join(".")} in ${file}` },
  }));
  const { existing } = config.loadBalancer;
  if (existing) {
    const account = existing.arn.split(":")[4];
    own.push({ account, where: `loadBalancer.existingArn in ${file}` });
  }
  const told = others.flatMap(({ stack: other, config: { name, pipeline } }) => {
    const account = pipeline?.promoteTo?.stack === stack ? pipeline.promoteTo.account : undefined;
    return account === undefined || name !== config.name
      ? []
      : [{ account, where: `pipeline.promoteTo.account in Pulumi.${other}.yaml` }];
  });
  return [...own, ...told];
}

/** Codes by which AWS says that keys are none, or no longer ("Common errors", API references). */
const expired = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const unknown =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)$/;

function notSignedIn(error: unknown, { AWS_PROFILE: profile }: NodeJS.ProcessEnv): Finding {
  const name = error instanceof Error ? error.name : "";
  const message = firstLineOf(error);
  const command = profile ? `aws sso login --profile ${profile}` : "aws sso login";
  const finding = { severity: "error", where: profile ? `profile ${profile}` : "AWS" } as const;
  if (expired.test(name)) {
    const what = `these credentials are over: ${message}`;
    return { ...finding, what, fix: "sign in again", command };
  }
  if (unknown.test(name)) {
    const what = `AWS does not know these credentials: ${name}: ${message}`;
    const fix = "take back AWS_ACCESS_KEY_ID and its companions, or sign in again";
    return { ...finding, what, fix, command };
  }
  if (name === "CredentialsProviderError") {
    const what = `there are no credentials: ${message}`;
    return { ...finding, what, fix: "set AWS_PROFILE, or sign in", command };
  }
  return {
    ...finding,
    what: `AWS does not say whose credentials these are: ${name}: ${message}`,
    fix: "look at the network, and at AWS_ENDPOINT_URL where it is set; then ask again",
  };
}
