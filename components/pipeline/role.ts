import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import { refusal } from "../shared/validation";
import { attachedLimit, divide, divided, inlineLimit } from "./policySize";

export interface RoleArgs {
  /** Physical name. Without it, Pulumi names the role. */
  readonly roleName?: string;
  readonly trust: pulumi.Input<string>;
  readonly statements: readonly Statement[];
  /** The same statements with plain texts, each at its longest. Without it, all of them fit in the role's own policy. */
  readonly measured?: readonly Statement[];
  readonly tags?: Tags;
}

export interface Role {
  readonly arn: pulumi.Output<string>;
  /** What must be there before the role is of use. */
  readonly policies: readonly pulumi.Resource[];
}

/**
 * A role with a policy of its own, and where its statements take more room than that has, further ones that are attached.
 * How many there are follows from `measured` alone: the same in every run, whatever is known.
 * @throws pulumi.ResourceError, once a policy is known, where it is longer than IAM takes.
 */
export function role(name: string, args: RoleArgs, parent: pulumi.Resource): Role {
  const { roleName, trust, statements, measured, tags } = args;
  const made = new aws.iam.Role(
    boundedName(`${name}-role`, 64),
    { name: roleName, assumeRolePolicy: trust, tags },
    { parent },
  );
  const [own, ...further] = measured ? divided(statements, divide(measured)) : [statements];
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: made.name, policy: document(own, inlineLimit, made) },
    { parent: made },
  );
  return { arn: made.arn, policies: [policy, ...further.map(attach)] };

  function attach(part: readonly Statement[], index: number): pulumi.Resource {
    // The role's own is the first.
    const partName = `${name}-policy${index + 2}`;
    const attached = new aws.iam.Policy(
      boundedName(partName, 128),
      { policy: document(part, attachedLimit, made), tags },
      { parent: made },
    );
    return new aws.iam.RolePolicyAttachment(
      partName,
      { role: made.name, policyArn: attached.arn },
      { parent: attached },
    );
  }
}

function document(
  statements: readonly Statement[],
  limit: number,
  role: aws.iam.Role,
): pulumi.Output<string> {
  return policyDocument(...statements).apply((text) => {
    if (text.length > limit) {
      throw refusal(
        `a policy has ${text.length} characters; allowed: up to ${limit}; ` +
          "ARNs in it are longer than their names say: shorten the names of what it is about",
        role,
      );
    }
    return text;
  });
}
