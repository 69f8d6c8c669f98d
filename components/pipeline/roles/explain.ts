import { arnOf } from "../../shared/account";
import { allow, type Statement } from "../../shared/iam";
import type { PipelineArgs } from "../args";
import type { PipelineArns } from "../arns";
import { useKey } from "./common";
import { tellStatements } from "./deploy";
import { findTaskStatements } from "./taskRights";

/** Partition of the ledger in which stands what people were told, so that they are told it once. */
const toldPartition = "told";

/** Explains why tasks fail: looks at services, tasks and their logs, and changes nothing but what was told. */
export function explainStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  action: string,
): Statement[] {
  const { account } = arns;
  const services = Object.values(args.services);
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [arns.logStreams(action)]),
    ...(arns.bundles ? [allow(["s3:GetObject"], [arns.bundles])] : []),
    ...useKey(arns, arns.key, { writes: true, services: ["dynamodb", "s3"] }),
    ...findTaskStatements(
      arns,
      services.filter(({ job = false }) => !job).map(({ serviceName }) => serviceName),
    ),
    // It takes no resource.
    allow(["elasticloadbalancing:DescribeTargetHealth"], "*"),
    allow(
      ["logs:GetLogEvents"],
      services.map(({ logGroupName }) => arnOf(account, "logs", `log-group:${logGroupName}:*`)),
    ),
    // Whether a deployment is under way, which tells of its own failures.
    allow(["dynamodb:GetItem", "dynamodb:Query"], [arns.ledger]),
    allow(["dynamodb:PutItem"], [arns.ledger], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [toldPartition] },
    }),
    ...tellStatements(arns),
  ];
}
