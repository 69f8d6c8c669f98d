import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PipelineArgs } from "./args";

interface LedgerArgs extends Pick<PipelineArgs, "ledgerName" | "forceDestroy" | "tags"> {
  readonly keyArn: pulumi.Input<string>;
}

/** The table of deployments and their lock. */
export function ledger(
  name: string,
  { ledgerName, keyArn, forceDestroy = false, tags }: LedgerArgs,
  parent: pulumi.Resource,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    `${name}-ledger`,
    {
      name: ledgerName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: !forceDestroy,
      tags,
    },
    { parent },
  );
}
