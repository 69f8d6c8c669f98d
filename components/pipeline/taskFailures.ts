import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "../shared/iam";
import type { PipelineArgs, PipelineNotificationsArgs } from "./args";
import { actionLogGroup, type PipelineArns } from "./arns";
import { plainVariables } from "./environment";
import { loggedProject } from "./loggedProject";
import { measured } from "./measure";
import { explainStatements } from "./roles/explain";
import { startedByEvent } from "./startedByEvent";

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
  const project = explainProject(name, notifications, taskFailures, made, parent);
  const { eventVariable, serviceVariable } = taskFailures;
  startedByEvent(
    `${name}-${action}`,
    {
      account: arns.account,
      roleName: `${name}-${action}-start`,
      description: "Explains why tasks of a service fail while nothing is deployed",
      eventPattern: clusterPattern(arns.cluster),
      statements: [allow(["codebuild:StartBuild"], [arns.project(action)])],
      target: {
        arn: project.arn,
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
      tags: args.tags,
    },
    parent,
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
  const longest = measured(args);
  return loggedProject(
    `${name}-${action}`,
    {
      ...{ account: arns.account, projectName: args.actionName(action), logRetentionDays, tags },
      logGroupName: actionLogGroup(args, action),
      statements: explainStatements(args, arns, action),
      measured: explainStatements(longest.args, longest.arns, action),
      project: {
        description: `explains why tasks of ${args.stack} fail`,
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
      },
    },
    parent,
  );
}
