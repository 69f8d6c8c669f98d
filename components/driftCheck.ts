import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Notification } from "../contract/notification";
import { readStatements, type OptionalPart } from "./drift/readStatements";
import { eventRule, type NotificationTopics } from "./notifications/eventRule";
import type { StateArgs } from "./pipeline/args";
import type { FetchedBundle } from "./pipeline/bundle";
import { plainVariables, stateVariables } from "./pipeline/environment";
import { loggedProject } from "./pipeline/loggedProject";
import { useKey } from "./pipeline/roles/common";
import { tellStatements } from "./pipeline/roles/deploy";
import { readStateStatements } from "./pipeline/roles/state";
import { accountOf, arnOf, longestAccount, type Account } from "./shared/account";
import { allow, type Statement } from "./shared/iam";
import { schedule, type ScheduleTimes } from "./shared/schedule";
import type { Tags } from "./shared/tags";

export interface DriftCheckArgs {
  /** An ARN of the stack's region and account. */
  readonly ofAccount: pulumi.Input<string>;
  /** The Pulumi stack that is compared. */
  readonly stack: string;
  /** What physical names of the environment begin with: `shop--staging`. */
  readonly prefix: string;
  /** Physical name of the project. */
  readonly projectName: string;
  /** YAML of what it runs. It has no source. */
  readonly buildspec: string;
  /** What that is told. Without it, nothing but Pulumi's own variables, from `state`. */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it fetches, as `Pipeline` has it. */
  readonly bundle: FetchedBundle;
  readonly state: StateArgs;
  /** What the environment has, and may therefore be read. */
  readonly parts: readonly OptionalPart[];
  readonly schedule: ScheduleTimes;
  /** The ledger's table: it is read, and the check's own partition written. */
  readonly ledger: { readonly tableName: string; readonly partition: string };
  /** Namespace of the metrics that it puts into CloudWatch. */
  readonly metricNamespace: string;
  /** ARNs of managed policies that let it read own resources. Without it, none. */
  readonly policyArns?: readonly string[];
  /**
   * Who is told of checks that fail, since then nobody knows, and by the check of what it finds. Without it, nobody.
   * `keyArn` is the topic's.
   */
  readonly notifications?: NotificationTopics & {
    readonly product: string;
    readonly keyArn: pulumi.Input<string>;
  };
  /** An image of your own, with Pulumi. Without it, AWS's, in which Pulumi's CLI is got from its download site. */
  readonly image?: pulumi.Input<string>;
  /** Minutes that a check may take, 5 to 480. Without it, 60. */
  readonly timeoutMinutes?: number;
  /** Days that its output is kept. Without it, 90. */
  readonly logRetentionDays?: number;
  readonly tags?: Tags;
}

/**
 * A CodeBuild project that compares a stack with what is in AWS, when a schedule says so. Its role reads every kind of resource
 * that the environment has, the state and what opens it; it changes nothing but what it notes about its own checks.
 *
 * A check costs 0.01 USD for each of its minutes, of which there are about three (list price of a medium host in eu-west-1).
 *
 * @throws pulumi.ResourceError where a policy of it is longer than IAM takes.
 *
 * @example
 * new DriftCheck("shop", { stack: "staging", prefix: "shop--staging", projectName: "shop--staging--drift", parts: [],
 *   ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", schedule: { expression: "rate(1 day)" },
 *   buildspec: "version: 0.2\nphases: { build: { commands: [node drift.js] } }",
 *   bundle: { url: "s3://shop-artifacts/bundles/1.js", objectsArn: "arn:aws:s3:::shop-artifacts/bundles/*",
 *     keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", variable: "BUNDLE" },
 *   state: { backendUrl: "https://api.pulumi.com", project: "shop", accessTokenSecret: "shop/pulumi-access-token" },
 *   ledger: { tableName: "shop--staging--deployments", partition: "drift" }, metricNamespace: "Gantry/Drift" });
 * @example
 * new DriftCheck("shop", { stack: "staging", prefix: "shop--staging", projectName: "shop--staging--drift",
 *   ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", parts: ["databases"],
 *   buildspec: "version: 0.2\nphases: { build: { commands: [node drift.js] } }",
 *   bundle: { url: "s3://shop-artifacts/bundles/1.js", objectsArn: "arn:aws:s3:::shop-artifacts/bundles/*",
 *     keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", variable: "BUNDLE" },
 *   state: { backendUrl: "s3://acme-pulumi-state", project: "shop", passphraseSecret: "shop/passphrase" },
 *   schedule: { expression: "cron(0 5 * * ? *)", timezone: "Europe/Berlin" },
 *   ledger: { tableName: "shop--staging--deployments", partition: "drift" }, metricNamespace: "Gantry/Drift",
 *   policyArns: ["arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"], image: "acme/builder:2026-11", timeoutMinutes: 30,
 *   variables: { STACK: "staging" }, logRetentionDays: 30, tags: { team: "shop" } });
 */
export class DriftCheck extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;
  readonly scheduleName: pulumi.Output<string>;

  constructor(name: string, args: DriftCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:DriftCheck", name, {}, opts);
    const { tags } = args;
    const account = accountOf(args.ofAccount);
    const project = this.project(name, args, account);
    const times = schedule(
      `${name}-drift`,
      args.schedule,
      { account, targetArn: project.arn, action: "codebuild:StartBuild", tags },
      this,
    );
    if (args.notifications) this.failures(name, args, args.notifications);
    this.projectName = project.name;
    this.scheduleName = times.name;
    this.registerOutputs({ projectName: this.projectName, scheduleName: this.scheduleName });
  }

  /** Of its builds no pipeline tells. */
  private failures(
    name: string,
    { stack, projectName, tags }: DriftCheckArgs,
    { product, topicArn, chatTopicArn }: NonNullable<DriftCheckArgs["notifications"]>,
  ): void {
    eventRule(
      `${name}-drift`,
      {
        part: "failure",
        description: "Tells of checks for drift that failed",
        eventPattern: JSON.stringify({
          source: ["aws.codebuild"],
          "detail-type": ["CodeBuild Build State Change"],
          detail: {
            "project-name": [projectName],
            "build-status": ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"],
          },
        }),
        inputPaths: {
          ...{ status: "$.detail.build-status", time: "$.time" },
          log: "$.detail.additional-information.logs.deep-link",
        },
        told: pulumi.output<Notification>({
          ...{ kind: "drift", product, stack, at: "<time>" },
          what: "the check for drift failed: nobody knows what was changed beside the program",
          why: "its build ended with <status>",
          link: "<log>",
        }),
      },
      { topicArn, chatTopicArn },
      { parent: this, tags },
    );
  }

  private project(name: string, args: DriftCheckArgs, account: Account): aws.codebuild.Project {
    const { projectName, stack, bundle, state, tags, image } = args;
    const { timeoutMinutes = 60, logRetentionDays = 90 } = args;
    return loggedProject(
      `${name}-drift`,
      {
        ...{ account, projectName, logGroupName: logGroupName(args), logRetentionDays, tags },
        statements: checkStatements(args, account),
        measured: checkStatements(args, longestAccount),
        policyArns: args.policyArns,
        project: {
          description: `drift of ${stack}`,
          buildTimeout: timeoutMinutes,
          // Two that look at the same time would tell the same twice.
          concurrentBuildLimit: 1,
          source: { type: "NO_SOURCE", buildspec: args.buildspec },
          artifacts: { type: "NO_ARTIFACTS" },
          environment: {
            type: "LINUX_CONTAINER",
            image: image ?? "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            // Pulumi and its AWS provider do not fit into 4 GB.
            computeType: "BUILD_GENERAL1_MEDIUM",
            imagePullCredentialsType: "CODEBUILD",
            environmentVariables: [
              ...plainVariables(args.variables ?? {}),
              ...plainVariables({ [bundle.variable]: bundle.url }),
              ...stateVariables(state),
            ],
          },
        },
      },
      this,
    );
  }
}

function checkStatements(args: DriftCheckArgs, account: Account): Statement[] {
  const { bundle, ledger, metricNamespace, notifications, prefix, parts } = args;
  const table = arnOf(account, "dynamodb", `table/${ledger.tableName}`);
  return [
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [arnOf(account, "logs", `log-group:${logGroupName(args)}:*`)],
    ),
    // The ledger has the key of what is fetched.
    ...useKey({ account }, bundle.keyArn, { writes: true, services: ["dynamodb", "s3"] }),
    ...readStateStatements(args, { account }),
    ...readStatements({ account, prefix, parts, objectsArn: bundle.objectsArn }),
    // Who deploys, and what the last check found.
    allow(["dynamodb:GetItem", "dynamodb:Query"], [table]),
    allow(["dynamodb:PutItem"], [table], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [ledger.partition] },
    }),
    ...tellStatements({
      account,
      topic: notifications && { arn: notifications.topicArn, key: notifications.keyArn },
    }),
    // Neither takes a resource.
    allow(["cloudtrail:LookupEvents"], "*"),
    allow(["cloudwatch:PutMetricData"], "*", {
      StringEquals: { "cloudwatch:namespace": metricNamespace },
    }),
  ];
}

function logGroupName({ projectName }: DriftCheckArgs): string {
  return `/aws/codebuild/${projectName}`;
}
