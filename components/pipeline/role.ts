import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";

export interface RoleArgs {
  /** Physical name. Without it, Pulumi names the role. */
  readonly roleName?: string;
  readonly trust: pulumi.Input<string>;
  readonly statements: readonly Statement[];
  readonly tags?: Tags;
}

export interface Role {
  readonly arn: pulumi.Output<string>;
  /** What must be there before the role is of use. */
  readonly policy: pulumi.Resource;
}

/** A role with the one policy that is its own. */
export function role(name: string, args: RoleArgs, parent: pulumi.Resource): Role {
  const made = new aws.iam.Role(
    boundedName(`${name}-role`, 64),
    { name: args.roleName, assumeRolePolicy: args.trust, tags: args.tags },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: made.name, policy: policyDocument(...args.statements) },
    { parent: made },
  );
  return { arn: made.arn, policy };
}
