import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../shared/iam";
import type { PipelineArns } from "./arns";
import type { PipelineArgs, ReleasesArgs } from "./args";
import { pipelineBucket } from "./buckets";
import { measured, measuredReleaseBucket } from "./measure";
import { role } from "./role";
import { receiveStatements, receiveTrust } from "./roles/promote";

/** Days for which a bundle is kept that is not the newest any more: past the longest wait for an approval, by far. */
const keepVersionDays = 90;

/**
 * Where releases arrive: the bucket of bundles, each a version of one object, and the role by which the environment
 * before this one brings them.
 * @returns the name of the bucket.
 */
export function releases(
  name: string,
  given: ReleasesArgs,
  { args, arns }: { readonly args: PipelineArgs; readonly arns: PipelineArns },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { account } = arns;
  const bucket = pipelineBucket(
    `${name}-releases`,
    {
      bucketName: pulumi
        .all([account.accountId, account.region])
        .apply(([accountId, region]) => given.bucketName(accountId, region)),
      keyArn: arns.key,
      keepVersionDays,
      events: true,
      requestLogs: args.requestLogs,
      forceDestroy: args.forceDestroy ?? false,
      tags: args.tags,
    },
    parent,
  );
  const longest = measured(args);
  role(
    `${name}-receive`,
    {
      roleName: given.receiveRoleName,
      trust: policyDocument(receiveTrust(arns, given)),
      statements: receiveStatements(args, arns, given, bucket.arn),
      measured: receiveStatements(longest.args, longest.arns, given, measuredReleaseBucket()),
      tags: args.tags,
    },
    parent,
  );
  return bucket.bucketName;
}
