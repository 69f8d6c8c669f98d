import type * as pulumi from "@pulumi/pulumi";
import { counted } from "../../contract/counted";
import { arnOf, longestAccount as longest } from "../shared/account";
import type { Statement } from "../shared/iam";
import type { Fault } from "../shared/validation";
import { pipelineArns, roleArn, s3Arn, type PipelineArns } from "./arns";
import type { PipelineArgs, PipelineServiceArgs, PipelineSidecarArgs } from "./args";
import { attachedPolicies, charactersOf, policiesNeeded } from "./policySize";
import { projectSpecs } from "./projects";
import { ecsActionStatements } from "./roles/ecs";
import { orchestrateStatements } from "./roles/orchestrate";
import { projectStatements } from "./roles/project";
import { receiveStatements } from "./roles/promote";

/** The longest physical names that AWS takes. */
const longestName = { role: 64, repository: 256, cluster: 255, bucket: 63, topic: 256 } as const;

const longestKey = arnOf(longest, "kms", "key/mrk-01234567890123456789012345678901");

/** More subnets than zones that a network has: where they are not known yet. */
const mostSubnets = 6;
const longestSubnetId = "subnet-0123456789abcdef0";

/** What a pipeline's statements are made of, with plain texts in the place of what is not known, each at its longest. */
export interface Measured {
  readonly args: PipelineArgs;
  readonly arns: PipelineArns;
}

/** The arguments of a pipeline as its policies are measured: without asking anything, whatever is known. */
export function measured(args: PipelineArgs): Measured {
  const clusterName = plain(args.cluster.clusterName) ?? "c".repeat(longestName.cluster);
  const plainArgs: PipelineArgs = {
    ...args,
    cluster: { clusterName, clusterArn: arnOf(longest, "ecs", `cluster/${clusterName}`) },
    network: args.network && {
      ...args.network,
      taskSubnetIds: plainSubnets(args.network.taskSubnetIds),
    },
    verifyNetwork: args.verifyNetwork && {
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: plainSubnets(args.verifyNetwork.subnetIds),
      services: args.verifyNetwork.services,
    },
    notifications: args.notifications && {
      ...args.notifications,
      topicArn: arnOf(longest, "sns", "t".repeat(longestName.topic)),
      keyArn: longestKey,
    },
    services: Object.fromEntries(
      Object.entries(args.services).map(([name, service]) => [name, plainService(service)]),
    ),
  };
  const arns = pipelineArns(plainArgs, longest, {
    artifactBucket: s3Arn(longest, "b".repeat(longestName.bucket)),
    key: longestKey,
    ledger: arnOf(longest, "dynamodb", `table/${args.ledgerName}`),
  });
  return { args: plainArgs, arns };
}

function plainService(service: PipelineServiceArgs): PipelineServiceArgs {
  const anyRole = roleArn(longest, "r".repeat(longestName.role));
  return {
    ...service,
    repositoryArn: plainRepository(service),
    sidecars: Object.fromEntries(
      Object.entries(service.sidecars ?? {}).map(([key, sidecar]) => [
        key,
        { ...sidecar, repositoryArn: plainRepository(sidecar) },
      ]),
    ),
    executionRoleArn: plain(service.executionRoleArn) ?? anyRole,
    taskRoleArn: plain(service.taskRoleArn) ?? anyRole,
    shift: service.shift && {
      roleArn: service.shift.roleArn && (plain(service.shift.roleArn) ?? anyRole),
    },
  };
}

function plainRepository({
  repositoryArn,
  repositoryName,
}: PipelineSidecarArgs): pulumi.Input<string> {
  const repository = repositoryName ?? "r".repeat(longestName.repository);
  return plain(repositoryArn) ?? arnOf(longest, "ecr", `repository/${repository}`);
}

function plain(value: pulumi.Input<string>): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function plainSubnets(given: pulumi.Input<string[]>): string[] {
  const known = Array.isArray(given) ? given.map((id) => plain(id)) : [];
  return known.length > 0
    ? known.map((id) => id ?? longestSubnetId)
    : Array.from({ length: mostSubnets }, () => longestSubnetId);
}

/** What the roles of a pipeline that grow with its services may do, by the action that is them. */
export function measuredRoles(given: PipelineArgs): Readonly<Record<string, readonly Statement[]>> {
  const { args, arns } = measured(given);
  const specs = projectSpecs(args);
  const { releases } = args;
  return {
    pipeline: measuredOrchestrate({ args, arns }),
    ...Object.fromEntries(
      specs.map((spec) => [spec.action, projectStatements(spec, args, arns)] as const),
    ),
    ...(args.deploy === "ecs" ? { ecs: ecsActionStatements(args, arns) } : {}),
    ...(releases
      ? { receive: receiveStatements(args, arns, releases, measuredReleaseBucket()) }
      : {}),
  };
}

/** The pipeline's own statements. */
export function measuredOrchestrate({ args, arns }: Measured): Statement[] {
  const own = ["source", ...(args.deploy === "ecs" ? ["ecs"] : [])];
  return orchestrateStatements(
    arns,
    projectSpecs(args).map(({ action }) => action),
    own.map((action) => roleArn(longest, args.actionName(action))),
  );
}

export function measuredReleaseBucket(): pulumi.Input<string> {
  return s3Arn(longest, "b".repeat(longestName.bucket));
}

/** Roles that IAM would refuse, found before anything is registered. */
export function policyFaults(args: PipelineArgs): Fault[] {
  return Object.entries(measuredRoles(args)).flatMap(([action, statements]): Fault[] => {
    if (policiesNeeded(statements) <= 1 + attachedPolicies) return [];
    return [
      {
        path: "services",
        given: `${counted(Object.keys(args.services).length, "service")}, for which the role ${action} needs ${charactersOf(statements)} characters of policies`,
        allowed: `what fits in the role's own policy and ${attachedPolicies} attached ones ("IAM and AWS STS quotas")`,
        fix: "shorten the names of services and of their secrets, or divide the product",
      },
    ];
  });
}
