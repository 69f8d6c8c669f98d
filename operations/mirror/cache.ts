import {
  CreatePullThroughCacheRuleCommand,
  ValidatePullThroughCacheRuleCommand,
  paginateDescribePullThroughCacheRules,
  type CreatePullThroughCacheRuleRequest,
  type ECRClient,
  type PullThroughCacheRule,
} from "@aws-sdk/client-ecr";
import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { STSClient } from "@aws-sdk/client-sts";
import { hostsOfRegistry } from "../../contract/imageReference";
import { callersAccount } from "../../delivery/account";
import { DeliveryError, isNamed } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import { pullThroughPrefix } from "../../stacks/config/registry";
import { upstreamOf, type Upstream } from "./upstreams";

export interface CachePorts {
  readonly target: Pick<Target, "config" | "region" | "stack">;
  readonly clients: {
    readonly ecr: ECRClient;
    readonly secrets: Pick<SecretsManagerClient, "send">;
    readonly sts: STSClient;
  };
}

export interface CacheWish {
  /** Such as `docker.io`. */
  readonly registry: string;
  /** What the names of its repositories begin with. Default: that of a rule that is there, else one by the registry. */
  readonly prefix?: string;
  /** Name of the secret with the credentials. Default: `ecr-pullthroughcache/<prefix>`. */
  readonly credentials?: string;
}

/** A rule that will be made, or is there. */
export interface PlannedCache {
  readonly upstream: Upstream;
  readonly prefix: string;
  /** What takes the registry's place in names of images: `<account>.dkr.ecr.<region>.amazonaws.com/<prefix>`. */
  readonly address: string;
  /** Absent where the rule is there. */
  readonly rule?: CreatePullThroughCacheRuleRequest;
  /** Whether ECR logs in at the registry. */
  readonly isLoggedIn: boolean;
  /** What will be done, one a line. */
  readonly acts: readonly string[];
}

/** What secrets that ECR may read begin with ("Storing your upstream repository credentials", ECR user guide). */
const secretPrefix = "ecr-pullthroughcache/";
/** AWS's own key, the only one of which ECR can read such a secret. */
const ownKeys = [undefined, "alias/aws/secretsmanager"];

/**
 * Looks for the account's rule by which ECR fetches images of a registry, and says what making one comes to. Nothing is done yet.
 * @throws DeliveryError where ECR fetches from no such registry, the prefix is another registry's, or its credentials are not there.
 */
export async function planCache(ports: CachePorts, wish: CacheWish): Promise<PlannedCache> {
  const { target, clients } = ports;
  const upstream = upstreamOf(wish.registry);
  const rules = await rulesOf(clients.ecr);
  const there = rules.find(
    (rule) =>
      isOf(rule, upstream) &&
      (wish.prefix === undefined || rule.ecrRepositoryPrefix === wish.prefix),
  );
  const prefix = there?.ecrRepositoryPrefix ?? wish.prefix ?? upstream.prefix;
  refusePrefix(prefix, upstream, there ? [] : rules);
  const { accountId } = await callersAccount(clients.sts);
  const [host] = hostsOfRegistry(`${accountId}.dkr.ecr.${target.region}.amazonaws.com`);
  const planned = { upstream, prefix, address: `${host}/${prefix}` };
  refuseCredentials(upstream, wish.credentials, there);
  if (there) return { ...planned, isLoggedIn: there.credentialArn !== undefined, acts: [] };
  const credentialArn = upstream.hasLogin
    ? await credentialsOf(ports, upstream, wish.credentials ?? `${secretPrefix}${prefix}`)
    : undefined;
  return {
    ...planned,
    isLoggedIn: credentialArn !== undefined,
    rule: {
      ...{ ecrRepositoryPrefix: prefix, upstreamRegistryUrl: upstream.url },
      upstreamRegistry: upstream.kind,
      ...(credentialArn === undefined ? {} : { credentialArn }),
    },
    acts: [
      `ECR gets a rule for all of account ${accountId} in ${target.region}: images of ${upstream.host} are ${planned.address}/<image>, fetched ` +
        "when somebody pulls them, and kept",
      ...(credentialArn === undefined ? [] : [`it logs in there by ${credentialArn}`]),
      "each image gets a repository, which nothing deletes (0.10 USD a GB and month)",
    ],
  };
}

async function rulesOf(ecr: ECRClient): Promise<readonly PullThroughCacheRule[]> {
  const rules: PullThroughCacheRule[] = [];
  for await (const page of paginateDescribePullThroughCacheRules({ client: ecr }, {})) {
    rules.push(...(page.pullThroughCacheRules ?? []));
  }
  return rules;
}

/** A rule of a part of a registry is none. */
function isOf(rule: PullThroughCacheRule, { url }: Upstream): boolean {
  const { upstreamRegistryUrl, upstreamRepositoryPrefix = "ROOT" } = rule;
  return upstreamRegistryUrl === url && upstreamRepositoryPrefix === "ROOT";
}

function refusePrefix(
  prefix: string,
  { host }: Upstream,
  rules: readonly PullThroughCacheRule[],
): void {
  if (!pullThroughPrefix.test(prefix)) {
    throw new DeliveryError(
      `${prefix} is no prefix: 2 to 30 lower-case letters and digits, with single / . _ or - between. Name another by --as. Nothing was made.`,
    );
  }
  const taken = rules.find((rule) => rule.ecrRepositoryPrefix === prefix);
  if (taken === undefined) return;
  throw new DeliveryError(
    `${prefix} is the prefix of ${taken.upstreamRegistryUrl} already: name another for ${host} by --as. Nothing was made.`,
  );
}

/** @throws DeliveryError where nobody would heed the credentials that were named. */
function refuseCredentials(
  { host, hasLogin }: Upstream,
  credentials: string | undefined,
  there: PullThroughCacheRule | undefined,
): void {
  if (credentials === undefined) return;
  if (!hasLogin) {
    throw new DeliveryError(
      `ECR logs in at ${host} with no credentials: leave --credentials out. Nothing was made.`,
    );
  }
  // The ARN has six characters more than the name.
  if (!there || there.credentialArn?.split(":secret:")[1]?.slice(0, -7) === credentials) return;
  throw new DeliveryError(
    `the rule ${there.ecrRepositoryPrefix} of ${host} is there already, and logs in by ${there.credentialArn ?? "nothing"}. Nothing was changed. ` +
      `To have it use ${credentials}: aws ecr update-pull-through-cache-rule --ecr-repository-prefix ${there.ecrRepositoryPrefix} --credential-arn <its ARN>`,
  );
}

/** ARN of the secret by which ECR logs in. */
async function credentialsOf(
  { target: { region }, clients }: CachePorts,
  { host }: Upstream,
  name: string,
): Promise<string> {
  const make = [
    `make it: aws secretsmanager create-secret --region ${region} --name ${name} --secret-string file://login.json`,
    `login.json is {"username": "...", "accessToken": "..."}: a token of ${host} that may read alone. No --kms-key-id: ECR can read it by AWS's own key alone.`,
  ];
  if (!name.startsWith(secretPrefix)) {
    throw new DeliveryError(
      `ECR reads no secret but those whose names begin with ${secretPrefix}, and ${name} does not. Nothing was made.`,
    );
  }
  const found = await clients.secrets
    .send(new DescribeSecretCommand({ SecretId: name }))
    .catch((error: unknown) => {
      if (!isNamed(error, "ResourceNotFoundException")) throw error;
      return undefined;
    });
  if (found?.ARN === undefined) {
    throw new DeliveryError(
      `ECR fetches nothing of ${host} without a login there, and there is no secret ${name} in ${region}. Nothing was made.`,
      make,
    );
  }
  if (!ownKeys.includes(found.KmsKeyId)) {
    throw new DeliveryError(
      `the secret ${name} is encrypted with ${found.KmsKeyId}, by which ECR cannot read it. Nothing was made.`,
      [
        "give it AWS's own: aws secretsmanager update-secret --secret-id " +
          `${name} --kms-key-id alias/aws/secretsmanager --region ${region}`,
      ],
    );
  }
  return found.ARN;
}

/**
 * Makes the rule that was planned, and has ECR try its login. Again, it makes nothing, and has it tried.
 * @throws DeliveryError where the registry does not let ECR in; the rule is there then.
 */
export async function makeCache(
  { clients: { ecr } }: Pick<CachePorts, "clients">,
  { prefix, rule, upstream, isLoggedIn }: PlannedCache,
): Promise<void> {
  if (rule) {
    await ecr.send(new CreatePullThroughCacheRuleCommand(rule)).catch((error: unknown) => {
      // Somebody else makes it at the same time.
      if (!isNamed(error, "PullThroughCacheRuleAlreadyExistsException")) throw error;
    });
  }
  if (!isLoggedIn) return;
  const { isValid, failure, credentialArn } = await ecr.send(
    new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: prefix }),
  );
  if (isValid) return;
  throw new DeliveryError(
    `the rule ${prefix} is there, and ECR cannot log in at ${upstream.host}: ${failure ?? "it does not say why"}. ` +
      `Correct the secret ${credentialArn}, and run the same again, which tries it`,
  );
}

/** What became of it, and what is left to do: for people, a line each. */
export function cacheText(
  { config, stack }: Pick<Target, "config" | "stack">,
  { address, prefix, rule, upstream, isLoggedIn }: PlannedCache,
): string[] {
  const isAllowed = config.registry.pullThrough.includes(prefix);
  return [
    `the rule ${prefix} of ${upstream.host} is ${rule ? "made" : "there already"}${isLoggedIn ? ", and its login works" : ""}. In a Dockerfile: FROM ${address}/${upstream.example}`,
    ...(isAllowed
      ? []
      : [
          `builds of ${stack} may pull through it with gantry:registry.pullThrough: [${[...config.registry.pullThrough, prefix].join(", ")}], once pulumi up has run`,
        ]),
  ];
}
