import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serviceTrust, allow } from "../shared/iam";
import type { PipelineArgs, PipelineNotificationsArgs } from "./args";
import { actionLogGroup, type PipelineArns } from "./arns";
import { plainVariables } from "./environment";
import { measured } from "./measure";
import { role } from "./role";
import { explainStatements } from "./roles/explain";

/** Of the project that explains; no service's build is called so. */
const action = "explain";

/** By these ECS says that a service has not the tasks that it should have ("Amazon ECS service action events"). */
export const taskFailureEvents = [
  "SERVICE_TASK_CONFIGURATION_FAILURE",
  "SERVICE_TASK_PLACEMENT_FAILURE",
  "SERVICE_TASK_START_IMPAIRED",
];

interface Made {
  readonly args: PipelineArgs;
  readonly arns: PipelineArns;
  /** Where the bundle is, once it is there. */
  readonly bundleUrl?: pulumi.Input<string>;
}

/** What explains to people that tasks fail while nothing is deployed: a rule of ECS's events, and the project that it starts. */
export function taskFailures(
  name: string,
  notifications: PipelineNotificationsArgs,
  made: Made,
  parent: pulumi.Resource,
): void {
  const { taskFailures } = notifications;
  if (!taskFailures) return;
  const { args, arns } = made;
  const { tags } = args;
  const project = explainProject(name, notifications, taskFailures, made, parent);
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${action}`,
    {
      description: "Explains why tasks of a service fail while nothing is deployed",
      eventPattern: clusterPattern(arns.cluster),
      tags,
    },
    { parent },
  );
  const start = role(
    `${name}-${action}-start`,
    {
      trust: serviceTrust("events.amazonaws.com", {
        accountId: arns.account.accountId,
        sourceArn: rule.arn,
      }),
      statements: [allow(["codebuild:StartBuild"], [arns.project(action)])],
      tags,
    },
    parent,
  );
  const { eventVariable, serviceVariable } = taskFailures;
  new aws.cloudwatch.EventTarget(
    `${name}-${action}`,
    {
      rule: rule.name,
      arn: project.arn,
      roleArn: start.arn,
      // One explanation at a time: what comes meanwhile is most likely of the same cause.
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 3600 },
      inputTransformer: {
        inputPaths: { service: "$.resources[0]", event: "$.detail.eventName" },
        inputTemplate: JSON.stringify({
          environmentVariablesOverride: [
            { name: serviceVariable, value: "<service>", type: "PLAINTEXT" },
            { name: eventVariable, value: "<event>", type: "PLAINTEXT" },
          ],
        }),
      },
    },
    { parent: rule, dependsOn: [...start.policies] },
  );
}

function clusterPattern(cluster: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    source: ["aws.ecs"],
    "detail-type": ["ECS Service Action"],
    detail: { eventName: taskFailureEvents, clusterArn: [cluster] },
  });
}

function explainProject(
  name: string,
  notifications: PipelineNotificationsArgs,
  { buildspec, variables = {} }: NonNullable<PipelineNotificationsArgs["taskFailures"]>,
  { args, arns, bundleUrl }: Made,
  parent: pulumi.Resource,
): aws.codebuild.Project {
  const { bundle, logRetentionDays = 90, tags } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-${action}`,
    { name: actionLogGroup(args, action), retentionInDays: logRetentionDays, tags },
    { parent },
  );
  const longest = measured(args);
  const { arn, policies } = role(
    `${name}-${action}`,
    {
      roleName: args.actionName(action),
      trust: serviceTrust("codebuild.amazonaws.com", {
        accountId: arns.account.accountId,
        sourceArn: arns.project(action),
      }),
      statements: explainStatements(args, arns, action),
      measured: explainStatements(longest.args, longest.arns, action),
      tags,
    },
    parent,
  );
  return new aws.codebuild.Project(
    `${name}-${action}`,
    {
      name: args.actionName(action),
      description: `explains why tasks of ${args.stack} fail`,
      serviceRole: arn,
      buildTimeout: 10,
      queuedTimeout: 30,
      concurrentBuildLimit: 1,
      encryptionKey: arns.key,
      source: { type: "NO_SOURCE", buildspec },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        type: "LINUX_CONTAINER",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        computeType: "BUILD_GENERAL1_SMALL",
        environmentVariables: plainVariables({
          ...variables,
          ...(bundle && bundleUrl ? { [bundle.variable]: bundleUrl } : {}),
          [notifications.variable]: notifications.topicArn,
        }),
      },
      logsConfig: { cloudwatchLogs: { groupName: logGroup.name } },
      tags,
    },
    { parent, dependsOn: [...policies] },
  );
}
