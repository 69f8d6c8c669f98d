import type * as pulumi from "@pulumi/pulumi";
import { identifierLimit } from "../database/builders";
import { arnOf, text, type Account } from "../shared/account";
import { allow, type Statement } from "../shared/iam";
import { boundedBeginning } from "../shared/naming";

/** What an environment may have beside what each has. */
export const optionalParts = [
  "caches",
  "databases",
  "domain",
  "fileSystems",
  "instances",
  "messages",
  "network",
  "waf",
] as const;

export type OptionalPart = (typeof optionalParts)[number];

type Actions = Readonly<Record<string, readonly string[]>>;

/**
 * What Pulumi's AWS provider asks when it reads resources back, by service and by the beginnings of ARNs that it is asked of: as the
 * provider's own calls show, made against the emulator with its roles enforced. `*` alone stands for what AWS grants on
 * nothing narrower ("Service Authorization Reference"). `{prefix}` begins physical names that Gantry gives, `{cut}` those that
 * Pulumi and the provider make of a bounded name; what has an id and no name, or may be another's, is of its type.
 */
const ofAll: Actions = {
  "*": [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScheduledActions",
    // With anything narrower it tells of no composite alarm ("DescribeAlarms", CloudWatch API reference).
    "cloudwatch:DescribeAlarms",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ecs:DescribeTaskDefinition",
    "elasticloadbalancing:DescribeCapacityReservation",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "logs:DescribeLogGroups",
    "servicediscovery:ListTagsForResource",
  ],
  "application-autoscaling:scalable-target/*": ["ListTagsForResource"],
  "cloudwatch:alarm:{prefix}*": ["ListTagsForResource"],
  "codebuild:project/{prefix}*": ["BatchGetProjects"],
  "codepipeline:{prefix}*": ["GetPipeline", "ListTagsForResource"],
  "dynamodb:table/{prefix}*": [
    "DescribeContinuousBackups",
    "DescribeTable",
    "DescribeTimeToLive",
    "ListTagsOfResource",
  ],
  "ecr:repository/*": [
    "DescribeRepositories",
    "GetLifecyclePolicy",
    "GetRepositoryPolicy",
    "ListTagsForResource",
  ],
  "ecs:cluster/{prefix}": ["DescribeClusters"],
  "ecs:service/{prefix}/*": ["DescribeServices"],
  "events:rule/{prefix}*|rule/{cut}*": ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"],
  "iam:oidc-provider/*": ["GetOpenIDConnectProvider"],
  "iam:policy/{cut}*": ["GetPolicy", "GetPolicyVersion", "ListPolicyVersions"],
  "iam:role/{prefix}*|role/{cut}*": [
    "GetRole",
    "GetRolePolicy",
    "ListAttachedRolePolicies",
    "ListRolePolicies",
  ],
  // A key has no name. What it encrypts cannot be read by these.
  "kms:key/*": ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"],
  "logs:log-group:*": ["ListTagsForResource"],
  "s3:{prefix}*|{cut}*": [
    "GetAccelerateConfiguration",
    "GetBucketAcl",
    "GetBucketCORS",
    "GetBucketLogging",
    "GetBucketNotification",
    "GetBucketObjectLockConfiguration",
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "GetReplicationConfiguration",
    // Whether a bucket is there (HeadBucket).
    "ListBucket",
  ],
  "scheduler:schedule/default/{cut}*": ["GetSchedule"],
  "servicediscovery:namespace/*": ["GetNamespace"],
  "servicediscovery:service/*": ["GetService"],
  "sns:{prefix}*": ["GetSubscriptionAttributes", "GetTopicAttributes", "ListTagsForResource"],
  "states:stateMachine:{prefix}*": [
    "DescribeStateMachine",
    "ListStateMachineVersions",
    "ListTagsForResource",
  ],
};

const ofParts: Readonly<Record<OptionalPart, Actions>> = {
  caches: {
    "elasticache:cluster:{cut}*": ["DescribeCacheClusters", "ListTagsForResource"],
    "elasticache:replicationgroup:{cut}*": ["DescribeReplicationGroups", "ListTagsForResource"],
    "elasticache:serverlesscache:{cut}*": ["DescribeServerlessCaches", "ListTagsForResource"],
    "elasticache:subnetgroup:{prefix}*": ["DescribeCacheSubnetGroups", "ListTagsForResource"],
    "elasticache:user:{cut}*": ["DescribeUsers", "ListTagsForResource"],
    "elasticache:usergroup:{cut}*": ["DescribeUserGroups", "ListTagsForResource"],
    "secretsmanager:secret:{prefix}*": ["DescribeSecret", "GetResourcePolicy"],
  },
  databases: {
    "rds:cluster:{cut}*": ["DescribeDBClusters", "ListTagsForResource"],
    "rds:cluster-pg:{cut}*": [
      "DescribeDBClusterParameterGroups",
      "DescribeDBClusterParameters",
      "ListTagsForResource",
    ],
    // The provider looks for an instance among all, by the id that RDS gives it.
    "rds:db:*": ["DescribeDBInstances", "ListTagsForResource"],
    "rds:global-cluster:*": ["DescribeGlobalClusters"],
    "rds:pg:{cut}*": ["DescribeDBParameterGroups", "DescribeDBParameters", "ListTagsForResource"],
    "rds:subgrp:{cut}*": ["DescribeDBSubnetGroups", "ListTagsForResource"],
    // Of RDS's own making: the password of the user that owns everything.
    "secretsmanager:secret:rds!*": ["DescribeSecret"],
  },
  domain: {
    "acm:certificate/*": ["DescribeCertificate", "ListTagsForCertificate"],
    "route53:hostedzone/*": ["GetHostedZone", "ListResourceRecordSets"],
  },
  fileSystems: {
    "elasticfilesystem:access-point/*": ["DescribeAccessPoints"],
    "elasticfilesystem:file-system/*": [
      "DescribeBackupPolicy",
      "DescribeFileSystemPolicy",
      "DescribeFileSystems",
      "DescribeLifecycleConfiguration",
      "DescribeMountTargetSecurityGroups",
      "DescribeMountTargets",
    ],
  },
  instances: {
    "*": [
      "autoscaling:DescribeAutoScalingGroups",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:DescribeLaunchTemplates",
    ],
    "ecs:capacity-provider/{prefix}*": ["DescribeCapacityProviders"],
    "iam:instance-profile/{cut}*": ["GetInstanceProfile"],
  },
  messages: {
    "sqs:{prefix}*": ["GetQueueAttributes", "ListQueueTags"],
  },
  network: {
    "*": [
      "ec2:DescribeAddresses",
      "ec2:DescribeAddressesAttribute",
      "ec2:DescribeEgressOnlyInternetGateways",
      "ec2:DescribeFlowLogs",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeNatGateways",
      "ec2:DescribeNetworkAcls",
      "ec2:DescribePrefixLists",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcs",
    ],
    "ec2:vpc/*": ["DescribeVpcAttribute"],
  },
  waf: {
    "wafv2:regional/webacl/{prefix}*": [
      "GetLoggingConfiguration",
      "GetWebACL",
      "GetWebACLForResource",
      "ListTagsForResource",
    ],
    // It is asked of the load balancer that has one.
    "elasticloadbalancing:loadbalancer/app/*": ["wafv2:GetWebACLForResource"],
  },
};

export interface ReadArgs {
  readonly account: Account;
  /** What physical names begin with that the program gives: `shop--staging`. */
  readonly prefix: string;
  readonly parts: readonly OptionalPart[];
  /** ARN of the objects that were put beside the artifacts. Without it, there are none. */
  readonly objectsArn?: pulumi.Input<string>;
}

/** Reading every kind of resource that an environment has, and no value of a secret, no object of a bucket, no message. */
export function readStatements({ account, prefix, parts, objectsArn }: ReadArgs): Statement[] {
  const actions = [ofAll, ...parts.map((part) => ofParts[part])];
  const places = [...new Set(actions.flatMap((each) => Object.keys(each)))];
  return [
    ...places.map((place) => {
      const named = [...new Set(actions.flatMap((each) => each[place] ?? []))];
      if (place === "*") return allow(named, "*");
      const [service] = place.split(":");
      const resources = place
        .slice(service.length + 1)
        .replaceAll("{prefix}", prefix)
        .replaceAll("{cut}", boundedBeginning(prefix, identifierLimit))
        .split("|");
      return allow(
        named.map((action) => (action.includes(":") ? action : `${service}:${action}`)),
        resources.map((resource) => arnIn(account, service, resource)),
      );
    }),
    // What is there is asked of by its head alone, which S3 grants by no other right.
    ...(objectsArn === undefined
      ? []
      : [allow(["s3:GetObject", "s3:GetObjectTagging"], [objectsArn])]),
  ];
}

/** ARNs of S3 and Route 53 have neither region nor account, those of IAM and of global clusters no region. */
function arnIn(account: Account, service: string, resource: string): pulumi.Input<string> {
  const { partition, accountId } = account;
  if (service === "s3") return text`arn:${partition}:s3:::${resource}`;
  if (service === "route53") return text`arn:${partition}:route53:::${resource}`;
  if (service === "iam") return text`arn:${partition}:iam::${accountId}:${resource}`;
  if (resource.startsWith("global-cluster:")) {
    return text`arn:${partition}:${service}::${accountId}:${resource}`;
  }
  return arnOf(account, service, resource);
}
