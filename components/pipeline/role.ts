import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
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

/** Characters that IAM takes in the policies which are a role's own. */
const policyLimit = 10_240;

/**
 * A role with the one policy that is its own.
 * @throws pulumi.ResourceError, once the policy is known, where it is longer than IAM takes.
 */
export function role(name: string, args: RoleArgs, parent: pulumi.Resource): Role {
  const made = new aws.iam.Role(
    boundedName(`${name}-role`, 64),
    { name: args.roleName, assumeRolePolicy: args.trust, tags: args.tags },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: made.name, policy: checkLength(policyDocument(...args.statements), made) },
    { parent: made },
  );
  return { arn: made.arn, policy };
}

function checkLength(policy: pulumi.Output<string>, role: aws.iam.Role): pulumi.Output<string> {
  return policy.apply((text) => {
    if (text.length > policyLimit) {
      throw new pulumi.ResourceError(
        `the policy has ${text.length} characters; allowed: up to ${policyLimit}; ` +
          "the pipeline has too many services: divide the product",
        role,
      );
    }
    return text;
  });
}
