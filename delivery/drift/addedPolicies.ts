import { isRecord } from "../../contract/record";
import type { ReadResource } from "../engine/readBack";
import type { Addition, Stated } from "./findings";

const role = "aws:iam/role:Role";
const inline = "aws:iam/rolePolicy:RolePolicy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
/** Gives one policy to several roles. */
const attachments = "aws:iam/policyAttachment:PolicyAttachment";

/** Policies of the environment's roles that no resource of the stack is: what was added gives rights. */
export function addedPolicies(
  resources: readonly ReadResource[],
  stated: readonly Stated[],
): Addition[] {
  const known = new Set(stated.flatMap(statedPolicies));
  return resources.flatMap((resource) => {
    if (resource.type !== role || resource.found === "gone") return [];
    const { inputs, outputs } = resource;
    const name = String(outputs.name);
    const own = inputs.inlinePolicies === undefined ? inlineNames(outputs.inlinePolicies) : [];
    const attached = inputs.managedPolicyArns === undefined ? texts(outputs.managedPolicyArns) : [];
    return [
      ...own.map((policy) => ({ property: "inline policy", found: policy })),
      ...attached.map((arn) => ({ property: "attached policy", found: arn })),
    ]
      .filter(({ found }) => !known.has(`${name} ${found}`))
      .map((added) => ({ of: resource, ...added }));
  });
}

function statedPolicies({ type, inputs, outputs }: Stated): string[] {
  // Of what is gone by now, and was put back by hand, the name is the same.
  if (type === inline) return [`${String(inputs.role)} ${String(outputs.name)}`];
  if (type === attachment) return [`${String(inputs.role)} ${String(inputs.policyArn)}`];
  if (type !== attachments) return [];
  return texts(inputs.roles).map((each) => `${each} ${String(inputs.policyArn)}`);
}

function inlineNames(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return texts(value.filter(isRecord).map(({ name }) => name));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
