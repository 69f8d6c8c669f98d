import * as aws from "@pulumi/aws";
import { parseSecretReference } from "../components/service/secretReference";
import { ConfigError, type EnvironmentConfig, type Fault } from "./config";
import { containersOf } from "./config/containers";
import { awsKeys } from "./config/encryptionKey";
import { literals } from "./config/own";
import { certificatesOf } from "./config/sides";
import { formatPath, type Path } from "./config/path";

/** What AWS takes of the stack's own account alone. */
interface OwnArn {
  readonly path: Path;
  readonly arn: string;
  /** Such as `a parameter`. */
  readonly what: string;
  readonly allowed: string;
  readonly fix: string;
}

/**
 * ARNs of another account that AWS would refuse in the middle of `pulumi up`, or when a task starts. Secrets of Secrets
 * Manager may be another account's, where it lets these roles in. AWS is asked for the account only where such ARNs are.
 * @throws ConfigError before anything is registered.
 */
export async function refuseForeignArns(
  config: Pick<
    EnvironmentConfig,
    "stack" | "services" | "loadBalancer" | "permissionsBoundary" | "encryptionKeyArn"
  >,
): Promise<void> {
  const arns = [
    ...parameters(config),
    ...certificates(config),
    ...webAcls(config),
    ...existingLoadBalancers(config),
    ...boundary(config),
    ...encryptionKey(config),
  ];
  if (arns.length === 0) return;
  const { accountId } = await aws.getCallerIdentity({});
  const faults = arns.flatMap(({ path, arn, what, allowed, fix }): Fault[] => {
    const account = arn.split(":")[4];
    if (account === accountId) return [];
    const given = `${what} of account ${account}`;
    return [{ path: formatPath(path), given, allowed: `one of ${accountId}, ${allowed}`, fix }];
  });
  if (faults.length > 0) throw new ConfigError(config.stack, faults);
}

function parameters({ services }: Pick<EnvironmentConfig, "services">): OwnArn[] {
  const containers = Object.entries(services).flatMap(([service, config]) =>
    containersOf(config).map((container) => ({ service, ...container })),
  );
  return containers.flatMap(({ service, path, secrets }) =>
    Object.entries(literals(secrets)).flatMap(([variable, text]) => {
      const reference = parseSecretReference(text);
      if (reference.kind !== "parameterArn") return [];
      return [
        {
          path: ["services", service, ...path, "secrets", variable],
          arn: reference.arn,
          what: "a parameter",
          allowed:
            "which the tasks are in: ECS takes no parameter of another account, shared or not (aws/containers-roadmap issue 2384)",
          fix: "copy it into this account, or keep the value in Secrets Manager, which other accounts can let in",
        },
      ];
    }),
  );
}

/** AWS's own policies are every account's. */
function boundary({
  permissionsBoundary: arn,
}: Pick<EnvironmentConfig, "permissionsBoundary">): OwnArn[] {
  if (arn === undefined || arn.split(":")[4] === "aws") return [];
  return [
    {
      path: ["permissionsBoundary"],
      arn,
      what: "a policy",
      allowed: "whose roles it bounds: IAM takes no policy of another account",
      fix: "make the policy in this account and give its ARN",
    },
  ];
}

function encryptionKey({
  encryptionKeyArn: arn,
}: Pick<EnvironmentConfig, "encryptionKeyArn">): OwnArn[] {
  if (arn === undefined || arn === awsKeys) return [];
  return [
    {
      path: ["encryptionKeyArn"],
      arn,
      what: "a key",
      allowed:
        "whose data it encrypts: ElastiCache takes keys of its own account alone (At-Rest Encryption, ElastiCache user guide)",
      fix: "make a key in this account and give its ARN",
    },
  ];
}

function webAcls({ loadBalancer }: Pick<EnvironmentConfig, "loadBalancer">): OwnArn[] {
  const { waf } = loadBalancer;
  if (waf === undefined || !("webAclArn" in waf)) return [];
  return [
    {
      path: ["loadBalancer", "waf", "webAclArn"],
      arn: waf.webAclArn,
      what: "a web ACL",
      allowed: "which the load balancer is in: AWS WAF protects nothing of another account",
      fix: "make the web ACL in this account and give its ARN, or set waf: managed",
    },
  ];
}

function existingLoadBalancers({
  loadBalancer: { existing },
}: Pick<EnvironmentConfig, "loadBalancer">): OwnArn[] {
  if (existing === undefined) return [];
  return [
    {
      path: ["loadBalancer", "existingArn"],
      arn: existing.arn,
      what: "a load balancer",
      allowed: "which the tasks are in: its rules lead to target groups of its own account",
      fix: "name a load balancer of this account, or leave existingArn out",
    },
  ];
}

function certificates({ loadBalancer }: Pick<EnvironmentConfig, "loadBalancer">): OwnArn[] {
  return certificatesOf(loadBalancer).map(({ path, arn }) => ({
    path,
    arn,
    what: "a certificate",
    allowed: "which the load balancer is in: ACM shares no certificates between accounts",
    fix: "request or import the certificate in this account and give its ARN, or set loadBalancer.domain",
  }));
}
