import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { accountOf, arnOf } from "../shared/account";
import { allow, serviceTrust } from "../shared/iam";
import { serviceRole } from "../shared/serviceRole";
import type { Tags } from "../shared/tags";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Name of the log group. Without it, Pulumi names it. */
  readonly logGroupName?: string;
  readonly retentionDays: number;
  readonly tags?: Tags;
}

/** Records the accepted and refused connections of a VPC in a log group that nothing else writes to. */
export function flowLogs(name: string, args: FlowLogsArgs, parent: pulumi.Resource): void {
  const { tags } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-flowLogs`,
    { name: args.logGroupName, retentionInDays: args.retentionDays, tags },
    { parent },
  );
  const account = accountOf(logGroup.arn);
  const { role, policy } = serviceRole(
    `${name}-flowLogs`,
    {
      roleName: `${name}-flowLogsRole`,
      trust: serviceTrust("vpc-flow-logs.amazonaws.com", {
        accountId: account.accountId,
        sourceArn: arnOf(account, "ec2", "vpc-flow-log/*"),
      }),
      statements: [
        allow(
          ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          logGroup.arn.apply((arn) => `${arn}:*`),
        ),
      ],
      tags,
    },
    parent,
  );
  new aws.ec2.FlowLog(
    `${name}-flowLog`,
    {
      vpcId: args.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags,
    },
    { parent, dependsOn: policy },
  );
}
