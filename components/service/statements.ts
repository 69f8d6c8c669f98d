import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import type { Conditions } from "./conditions";
import { mergeKeyUse } from "../shared/encryption";
import { allow, type Statement } from "../shared/iam";
import { decryptSecrets } from "./secretKeys";
import type { ResolvedSecret } from "./resolvedSecret";

/** What the tasks of a service may do in AWS, in the words of IAM. Wildcards in actions are refused. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  /** When it holds, in IAM's own shape. Without it, always. */
  readonly conditions?: Conditions;
}

export interface StatementsArgs {
  readonly account: Account;
  readonly logGroupArn: pulumi.Input<string>;
  /** The repositories that images are pulled from; none where they are public. */
  readonly repositoryArns: readonly pulumi.Input<string>[];
  readonly secrets: readonly ResolvedSecret[];
  readonly permissions: readonly Permission[];
  /** Absent where nobody may open a session in a task. */
  readonly exec?: ExecSessions;
}

/** Where sessions in tasks are logged, and what encrypts them. */
export interface ExecSessions {
  readonly logGroupArn: pulumi.Input<string>;
  /** The key of sessions of the cluster. Without it, they are encrypted by TLS alone. */
  readonly key?: { readonly arn: pulumi.Input<string>; readonly clusterName: pulumi.Input<string> };
}

/** Of the role that starts a task. */
export function executionStatements(args: StatementsArgs): Statement[] {
  const statements = [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [text`${args.logGroupArn}:*`]),
  ];
  if (args.repositoryArns.length > 0) {
    statements.push(
      // A token is for the whole registry: AWS offers nothing narrower.
      allow(["ecr:GetAuthorizationToken"], "*"),
      allow(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [...args.repositoryArns],
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
  statements.push(
    ...decryptSecrets(args.account, {
      secretsManager: inSecretsManager,
      parameterStore: inParameterStore,
    }),
  );
  return statements;
}

/** Of the role that the code in a task is. */
export function taskStatements(args: Pick<StatementsArgs, "permissions" | "exec">): Statement[] {
  const statements = mergeKeyUse(args.permissions).map(({ actions, resources, conditions }) =>
    allow(actions, resources, conditions),
  );
  if (args.exec !== undefined) {
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
        [text`${args.exec.logGroupArn}:*`],
      ),
      ...sessionKey(args.exec),
    );
  }
  return statements;
}

/**
 * Lets the agent in a task open the data key that whoever began the session has made, for sessions in tasks of the cluster alone: client
 * and agent name the task to KMS so (`aws:ssm:TargetId`, `ecs:<cluster>_<task>_<runtime>`).
 */
function sessionKey({ key }: ExecSessions): Statement[] {
  if (key === undefined) return [];
  return [
    allow(["kms:Decrypt"], [key.arn], {
      StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": text`ecs:${key.clusterName}_*` },
    }),
  ];
}
