import type * as pulumi from "@pulumi/pulumi";
import { all, output } from "@pulumi/pulumi/output";

/** What ARNs are made of. */
export interface Account {
  readonly partition: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
}

/**
 * The account whose ARNs are the longest: of the longest partition and the longest region's name that AWS has. What is
 * measured before it is made is measured in it.
 */
export const longestAccount = {
  partition: "aws-us-gov",
  region: "ap-northeast-1",
  accountId: "123456789012",
} as const satisfies Account;

/**
 * The partition, region and account of a resource's ARN. Components read them here, since asking AWS would cost three
 * calls for each component in every deployment.
 */
export function accountOf(arn: pulumi.Input<string>): Account {
  const parts = output(arn).apply((text) => {
    const [, partition, , region, accountId] = text.split(":");
    return { partition, region, accountId };
  });
  return { partition: parts.partition, region: parts.region, accountId: parts.accountId };
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` of the account. */
export function arnOf(
  { partition, region, accountId }: Account,
  service: string,
  resource: pulumi.Input<string>,
): pulumi.Input<string> {
  return text`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/**
 * A text made of inputs, as `pulumi.interpolate` makes it; but plain where all of them are, so that a policy made of plain
 * inputs alone can be measured before anything is registered.
 */
export function text(
  parts: TemplateStringsArray,
  ...values: readonly pulumi.Input<string>[]
): pulumi.Input<string> {
  return changed(values, (known) => String.raw({ raw: parts }, ...known));
}

/** Each of some texts once: plain where all of them are. */
export function distinct(values: readonly pulumi.Input<string>[]): pulumi.Input<string[]> {
  const once = (known: readonly string[]) => [...new Set(known)];
  return values.every((value) => typeof value === "string")
    ? once(values)
    : all([...values]).apply(once);
}

/** What a function makes of inputs: plain where all of them are. */
export function changed(
  values: readonly pulumi.Input<string>[],
  change: (known: readonly string[]) => string,
): pulumi.Input<string> {
  return values.every((value) => typeof value === "string")
    ? change(values)
    : all([...values]).apply(change);
}
