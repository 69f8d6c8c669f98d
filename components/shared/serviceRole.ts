import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./iam";
import { boundedName } from "./naming";
import type { Tags } from "./tags";

export interface ServiceRoleArgs {
  readonly trust: pulumi.Input<string>;
  readonly statements: readonly Statement[];
  readonly tags?: Tags;
  /** Logical name of the role. Without it, `<part>Role`, as long as IAM takes. */
  readonly roleName?: string;
}

/** A role that a service of AWS takes on, with one policy, `<part>Policy`. */
export function serviceRole(
  part: string,
  { trust, statements, tags, roleName = boundedName(`${part}Role`, 64) }: ServiceRoleArgs,
  parent: pulumi.Resource,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(roleName, { assumeRolePolicy: trust, tags }, { parent });
  const policy = new aws.iam.RolePolicy(
    `${part}Policy`,
    { role: role.name, policy: policyDocument(...statements) },
    { parent },
  );
  return { role, policy };
}
