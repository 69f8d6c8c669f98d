import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import { allow, policyDocument, serviceTrust, type Statement } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import type { ResolvedSecret } from "./secrets";

/** What the tasks of a service may do in AWS, in the words of IAM. Wildcards in actions are refused. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
}

export interface RolesArgs {
  readonly account: Account;
  readonly logGroupArn: pulumi.Input<string>;
  /** The repository that images are pulled from; absent where they are public. */
  readonly repositoryArn?: pulumi.Input<string>;
  readonly secrets: readonly ResolvedSecret[];
  readonly permissions: readonly Permission[];
  /** Absent where nobody may open a session in a task. */
  readonly execLogGroupArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}

export interface TaskRoles {
  /** Starts the task: pulls the image, reads the secrets, opens the log stream. */
  readonly execution: aws.iam.Role;
  /** What the code in the task is. */
  readonly task: aws.iam.Role;
  /** What must be there before a task starts. */
  readonly policies: readonly pulumi.Resource[];
}

/** The two roles of a service, each with what it needs on named resources and nothing else. */
export function taskRoles(name: string, args: RolesArgs, parent: pulumi.Resource): TaskRoles {
  const execution = taskRole(`${name}-executionRole`, args, parent);
  const task = taskRole(`${name}-taskRole`, args, parent);
  const executionPolicy = new aws.iam.RolePolicy(
    `${name}-executionPolicy`,
    { role: execution.name, policy: policyDocument(...executionStatements(args)) },
    { parent },
  );
  const statements = taskStatements(args);
  const taskPolicies =
    statements.length === 0
      ? []
      : [
          new aws.iam.RolePolicy(
            `${name}-taskPolicy`,
            { role: task.name, policy: policyDocument(...statements) },
            { parent },
          ),
        ];
  return { execution, task, policies: [executionPolicy, ...taskPolicies] };
}

function taskRole(name: string, args: RolesArgs, parent: pulumi.Resource): aws.iam.Role {
  return new aws.iam.Role(
    boundedName(name, 64),
    {
      assumeRolePolicy: serviceTrust("ecs-tasks.amazonaws.com", {
        accountId: args.account.accountId,
        sourceArn: arnOf(args.account, "ecs", "*"),
      }),
      tags: args.tags,
    },
    { parent },
  );
}

function executionStatements(args: RolesArgs): Statement[] {
  const statements = [
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [pulumi.interpolate`${args.logGroupArn}:*`],
    ),
  ];
  if (args.repositoryArn !== undefined) {
    statements.push(
      // A token is for the whole registry: AWS offers nothing narrower.
      allow(["ecr:GetAuthorizationToken"], "*"),
      allow(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [args.repositoryArn],
      ),
    );
  }
  const arns = (store: ResolvedSecret["store"]): pulumi.Input<string>[] =>
    args.secrets.filter((secret) => secret.store === store).map(({ arn }) => arn);
  const inSecretsManager = arns("secretsManager");
  if (inSecretsManager.length > 0) {
    statements.push(allow(["secretsmanager:GetSecretValue"], inSecretsManager));
  }
  const inParameterStore = arns("parameterStore");
  if (inParameterStore.length > 0) {
    statements.push(allow(["ssm:GetParameters"], inParameterStore));
  }
  return statements;
}

function taskStatements(args: RolesArgs): Statement[] {
  const statements = args.permissions.map(({ actions, resources }) => allow(actions, resources));
  if (args.execLogGroupArn !== undefined) {
    statements.push(
      // Session channels have no ARNs, and the groups are looked up by listing: AWS offers nothing narrower.
      allow(
        [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
          "logs:DescribeLogGroups",
        ],
        "*",
      ),
      allow(
        ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        [pulumi.interpolate`${args.execLogGroupArn}:*`],
      ),
    );
  }
  return statements;
}
