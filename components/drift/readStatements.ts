import type * as pulumi from "@pulumi/pulumi";
import { identifierLimit } from "../database/builders";
import { chatLogRegion } from "../notifications/chat";
import { arnOf, text, type Account } from "../shared/account";
import { allow, type Statement } from "../shared/iam";
import { boundedBeginning } from "../shared/naming";

/** What an environment may have beside what each has. */
export const optionalParts = [
  "budget",
  "caches",
  "chat",
  "databases",
  "domain",
  "encryptionKey",
  "fileSystems",
  "instances",
  "logExport",
  "network",
  "trail",
  "waf",
] as const;

export type OptionalPart = (typeof optionalParts)[number];

type Actions = Readonly<Record<string, readonly string[]>>;

/**
 * What Pulumi's AWS provider asks when it reads resources back, by service and by the beginnings of ARNs that it is asked of: as the
 * provider's own calls show, made against the emulator with its roles enforced. `*` alone stands for what AWS grants on
 * nothing narrower ("Service Authorization Reference"), and `@` what is in a region of its own. `{prefix}` begins physical names that Gantry gives, `{cut}` those that
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
    "logs:DescribeQueryDefinitions",
    "servicediscovery:ListTagsForResource",
  ],
  "application-autoscaling:scalable-target/*": ["ListTagsForResource"],
  "cloudwatch:alarm:{prefix}*": ["ListTagsForResource"],
  "cloudwatch:dashboard/{prefix}": ["GetDashboard"],
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
  // Of services, and what no schedule could start.
  "sqs:{prefix}*": ["GetQueueAttributes", "ListQueueTags"],
  "states:stateMachine:{prefix}*": [
    "DescribeStateMachine",
    "ListStateMachineVersions",
    "ListTagsForResource",
  ],
};

const ofParts: Readonly<Record<OptionalPart, Actions>> = {
  budget: {
    "budgets:budget/{prefix}": ["ListTagsForResource", "ViewBudget"],
  },
  caches: {
    "elasticache:cluster:{cut}*": ["DescribeCacheClusters", "ListTagsForResource"],
    "elasticache:replicationgroup:{cut}*": ["DescribeReplicationGroups", "ListTagsForResource"],
    "elasticache:serverlesscache:{cut}*": ["DescribeServerlessCaches", "ListTagsForResource"],
    "elasticache:subnetgroup:{prefix}*": ["DescribeCacheSubnetGroups", "ListTagsForResource"],
    "elasticache:user:{cut}*": ["DescribeUsers", "ListTagsForResource"],
    "elasticache:usergroup:{cut}*": ["DescribeUserGroups", "ListTagsForResource"],
    "secretsmanager:secret:{prefix}*": ["DescribeSecret", "GetResourcePolicy"],
  },
  chat: {
    "*": [
      "chatbot:DescribeSlackChannelConfigurations",
      "chatbot:ListMicrosoftTeamsChannelConfigurations",
      "chatbot:ListTagsForResource",
    ],
    [`logs@${chatLogRegion}:log-group:/aws/chatbot/{prefix}*`]: ["ListTagsForResource"],
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
  encryptionKey: {
    "*": ["kms:ListAliases"],
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
  logExport: {
    "athena:workgroup/{prefix}*": ["GetNamedQuery", "GetWorkGroup", "ListTagsForResource"],
    "firehose:deliverystream/{prefix}*": ["DescribeDeliveryStream", "ListTagsForDeliveryStream"],
    // Glue asks for the right to what is above, too.
    "glue:catalog|database/{database}|table/{database}/*": [
      "GetDatabase",
      "GetPartitionIndexes",
      "GetTable",
      "GetTags",
    ],
    "logs:log-group:*": ["DescribeLogStreams", "DescribeSubscriptionFilters"],
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
  trail: {
    "*": ["cloudtrail:DescribeTrails"],
    "cloudtrail:trail/{trail}": [
      "GetEventSelectors",
      "GetInsightSelectors",
      "GetTrailStatus",
      "ListTags",
    ],
  },
  waf: {
    "wafv2:regional/webacl/*": [
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
      const [at, ...rest] = place.split(":");
      const [service, region = account.region] = at.split("@");
      return allow(
        named.map((action) => (action.includes(":") ? action : `${service}:${action}`)),
        rest
          .join(":")
          .split("|")
          .map((resource) => arnIn({ ...account, region }, service, withNames(resource, prefix))),
      );
    }),
    // What is there is asked of by its head alone, which S3 grants by no other right.
    ...(objectsArn === undefined
      ? []
      : [allow(["s3:GetObject", "s3:GetObjectTagging"], [objectsArn])]),
  ];
}

function withNames(resource: string, prefix: string): string {
  return (
    resource
      .replaceAll("{prefix}", prefix)
      .replaceAll("{cut}", boundedBeginning(prefix, identifierLimit))
      // Glue takes no hyphens, and CloudTrail no two in a row.
      .replaceAll("{database}", prefix.replaceAll("-", "_"))
      .replaceAll("{trail}", prefix.replaceAll("--", "."))
  );
}

/** What is of all regions. */
const withoutRegion = /^(?:budgets:|iam:|cloudwatch:dashboard\/|rds:global-cluster:)/;

/** ARNs of S3 and Route 53 have neither region nor account. */
function arnIn(account: Account, service: string, resource: string): pulumi.Input<string> {
  const { partition, accountId } = account;
  if (service === "s3" || service === "route53")
    return text`arn:${partition}:${service}:::${resource}`;
  if (withoutRegion.test(`${service}:${resource}`)) {
    return text`arn:${partition}:${service}::${accountId}:${resource}`;
  }
  return arnOf(account, service, resource);
}
