import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arnOf } from "../shared/account";
import { policyDocument, serviceTrust } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import type { ResolvedSecret } from "./resolvedSecret";
import { executionStatements, taskStatements, type StatementsArgs } from "./statements";

export interface RolesArgs extends Omit<StatementsArgs, "secrets"> {
  readonly secrets: pulumi.Output<readonly ResolvedSecret[]>;
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
    {
      role: execution.name,
      policy: args.secrets.apply((secrets) =>
        policyDocument(...executionStatements({ ...args, secrets })),
      ),
    },
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
