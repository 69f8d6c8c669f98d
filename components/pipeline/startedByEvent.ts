import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../shared/account";
import { serviceTrust, type Statement } from "../shared/iam";
import type { Tags } from "../shared/tags";
import { role } from "./role";

export interface StartedByEventArgs {
  readonly account: Account;
  /** Logical name of the role. Without it, that of the rule. */
  readonly roleName?: string;
  readonly description: string;
  readonly eventPattern: pulumi.Input<string>;
  /** What starts the target. */
  readonly statements: readonly Statement[];
  readonly target: Pick<aws.cloudwatch.EventTargetArgs, "arn" | "inputTransformer" | "retryPolicy">;
  readonly tags?: Tags;
}

/** Starts something when an event comes, under a role that can do nothing else, and that its rule alone takes on. */
export function startedByEvent(
  name: string,
  args: StartedByEventArgs,
  parent: pulumi.Resource,
): void {
  const { account, roleName = name, description, eventPattern, statements, target, tags } = args;
  const rule = new aws.cloudwatch.EventRule(name, { description, eventPattern, tags }, { parent });
  const start = role(
    roleName,
    {
      trust: serviceTrust("events.amazonaws.com", {
        accountId: account.accountId,
        sourceArn: rule.arn,
      }),
      ...{ statements, tags },
    },
    parent,
  );
  new aws.cloudwatch.EventTarget(
    name,
    { ...target, rule: rule.name, roleArn: start.arn },
    { parent: rule, dependsOn: [...start.policies] },
  );
}
