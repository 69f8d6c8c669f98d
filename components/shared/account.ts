import * as pulumi from "@pulumi/pulumi";

/** What ARNs are made of. */
export interface Account {
  readonly partition: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
}

/**
 * The partition, region and account of a resource's ARN. Components read them here, since asking AWS would cost three
 * calls for each component in every deployment.
 */
export function accountOf(arn: pulumi.Input<string>): Account {
  const parts = pulumi.output(arn).apply((text) => {
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
): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
