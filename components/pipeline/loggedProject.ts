import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import { serviceTrust, type Statement } from "../shared/iam";
import type { Tags } from "../shared/tags";
import { role } from "./role";

/** What is the caller's to say of a project: the rest follows from its role, its log and its name. */
type Given = Omit<aws.codebuild.ProjectArgs, "name" | "serviceRole" | "logsConfig" | "tags">;

export interface LoggedProjectArgs {
  readonly account: Account;
  /** Physical name of the project and of its role. */
  readonly projectName: string;
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  /** What its role may do. */
  readonly statements: readonly Statement[];
  /** The same with plain texts, each at its longest. */
  readonly measured: readonly Statement[];
  /** ARNs of managed policies that its role has beside these. Without it, none. */
  readonly policyArns?: readonly string[];
  /** What it builds, where, and for how long. */
  readonly project: Given;
  readonly tags?: Tags;
}

/** A CodeBuild project with a role that it alone takes on, and a log of its own. */
export function loggedProject(
  name: string,
  args: LoggedProjectArgs,
  parent: pulumi.Resource,
): aws.codebuild.Project {
  const { account, projectName, statements, measured, policyArns = [], tags } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    name,
    { name: args.logGroupName, retentionInDays: args.logRetentionDays, tags },
    { parent },
  );
  const { arn, policies } = role(
    name,
    {
      roleName: projectName,
      trust: serviceTrust("codebuild.amazonaws.com", {
        accountId: account.accountId,
        sourceArn: arnOf(account, "codebuild", `project/${projectName}`),
      }),
      ...{ statements, measured, tags },
    },
    parent,
  );
  const attached = policyArns.map(
    (policyArn, index) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-reads${index + 1}`,
        { role: projectName, policyArn },
        { parent, dependsOn: [...policies] },
      ),
  );
  return new aws.codebuild.Project(
    name,
    {
      ...args.project,
      name: projectName,
      serviceRole: arn,
      logsConfig: { cloudwatchLogs: { groupName: logGroup.name } },
      tags,
    },
    { parent, dependsOn: [...policies, ...attached] },
  );
}
