import { bucketActions, objectActions } from "../../stacks/config/buckets";
import { below, leaves, type SourceNode } from "../source";
import { number } from "../values";
import type { Resource, Template } from "./template";

const granted = [...objectActions, ...bucketActions].map((action) => action.toLowerCase());

/** The items of a list, or the one thing that stands in its place. */
function items(node: SourceNode | undefined): SourceNode[] {
  if (node === undefined) return [];
  return node.isList ? [...(node.children?.values() ?? [])] : [node];
}

/** Days for which versions are kept that are not the newest any more: of rules that hold for all objects, the first to delete. */
export function keepVersionDays(template: Template, { node }: Resource): number | undefined {
  const days = versionRules(node).map((each) => number(template.plain(each)));
  const said = days.filter((each) => each !== undefined);
  return said.length === 0 ? undefined : Math.min(...said);
}

/** What says it, of the rules that are enabled and leave no object out. */
function versionRules(bucket: SourceNode): SourceNode[] {
  return items(below(bucket, "Properties", "LifecycleConfiguration", "Rules")).flatMap((rule) => {
    const keys = [...(rule.children?.keys() ?? [])];
    if (below(rule, "Status")?.value !== "Enabled") return [];
    if (keys.some((key) => /^(?:Prefix|TagFilters|ObjectSize\w+)$/.test(key))) return [];
    return below(rule, "NoncurrentVersionExpiration", "NoncurrentDays") ?? [];
  });
}

/** Whether a rule of a lifecycle that is not enabled says it. */
function isDisabled(bucket: SourceNode, { path }: SourceNode): boolean {
  return items(below(bucket, "Properties", "LifecycleConfiguration", "Rules")).some(
    (rule) =>
      below(rule, "Status")?.value === "Disabled" &&
      leaves(rule).some((each) => each.path === path),
  );
}

/** Whether a policy of tasks says no more than which of S3's actions they may on this bucket. */
export function isOfBucket({ name }: Resource, { node: policy }: Resource): boolean {
  const own = ["Description", "ManagedPolicyName", "PolicyDocument"];
  const properties = [...(below(policy, "Properties")?.children?.keys() ?? [])];
  const statements = items(below(policy, "Properties", "PolicyDocument", "Statement"));
  return (
    properties.every((key) => own.includes(key)) &&
    statements.every(
      (statement) =>
        [...(statement.children?.keys() ?? [])].every((key) =>
          ["Sid", "Effect", "Action", "Resource"].includes(key),
        ) &&
        below(statement, "Effect")?.value === "Allow" &&
        items(below(statement, "Action")).every(({ value }) => /^s3:/i.test(String(value))) &&
        isOnlyOf(name, below(statement, "Resource")),
    )
  );
}

/** Whether resources are the bucket and what is in it: tags such as !GetAtt and !Join leave texts and lists. */
function isOnlyOf(bucket: string, resources: SourceNode | undefined): boolean {
  const texts = resources === undefined ? [] : leaves(resources).map(({ value }) => String(value));
  const prefix = String.raw`(?:arn:(?:aws[\w-]*|\$\{AWS::Partition\}):s3:::)?`;
  const itself = new RegExp(
    String.raw`^(?:${bucket}(?:\.Arn)?|${prefix}\$\{\s*${bucket}(?:\.Arn)?\s*\}(?:/.*)?)$`,
  );
  const part = new RegExp(String.raw`^(?:|Arn|/.*|${prefix})$`);
  return (
    texts.some((each) => itself.test(each)) &&
    texts.every((each) => itself.test(each) || part.test(each))
  );
}

/** Whether a statement of a bucket's policy refuses what is no TLS, which Gantry's does. */
function wantsTls(statement: SourceNode): boolean {
  const conditions = below(statement, "Condition");
  const [only, another] = conditions === undefined ? [] : leaves(conditions);
  return (
    below(statement, "Effect")?.value === "Deny" &&
    another === undefined &&
    /\.aws:SecureTransport(?:\[0\])?$/i.test(only?.path ?? "") &&
    String(only.value) === "false"
  );
}

/** Whether all that a bucket's policy says is that. */
export function isOnlyTls(policy: SourceNode): boolean {
  return items(below(policy, "Properties", "PolicyDocument", "Statement")).every(wantsTls);
}

/** Whether it is said otherwise what this value of a bucket's template says, beside single properties. */
export function isSaidOfBucket(node: SourceNode, root: SourceNode): boolean {
  const resources = [...(below(root, "Resources")?.children?.values() ?? [])];
  const resource = resources.find((each) => leaves(each).includes(node));
  if (resource === undefined) return false;
  if (isDisabled(resource, node) || versionRules(resource).flatMap(leaves).includes(node)) {
    return true;
  }
  const statements = items(below(resource, "Properties", "PolicyDocument", "Statement"));
  const statement = statements.find((each) => leaves(each).includes(node));
  if (statement === undefined || wantsTls(statement)) return statement !== undefined;
  return (
    below(statement, "Principal") === undefined &&
    items(below(statement, "Action")).includes(node) &&
    granted.includes(String(node.value).toLowerCase())
  );
}
