import type * as pulumi from "@pulumi/pulumi";
import {
  expiry,
  oldVersions,
  privateBucket,
  type PrivateBucket,
  type RequestLogsTarget,
} from "../shared/privateBucket";
import type { Tags } from "../shared/tags";

/** What the keys begin with: of logs, of what could not be unpacked or partitioned, and of results of queries. */
export const prefixes = { logs: "logs/", errors: "errors/", results: "results/" } as const;

/** Days in which somebody looks at what could not be delivered. */
const errorDays = 30;

/** Days in which the results of a query are looked at. */
const resultDays = 7;

/** Days after which logs are read seldom: then they cost a sixth, and reading them costs more. */
const coldAfterDays = 90;

/** S3 bills at least 90 days of what it moves to Glacier Instant Retrieval ("Amazon S3 pricing"): less is not worth it. */
const worthMoving = coldAfterDays + 90;

interface BucketArgs {
  readonly bucketName?: pulumi.Input<string>;
  readonly keyArn?: pulumi.Input<string>;
  readonly requestLogs?: RequestLogsTarget;
  readonly retentionDays: number;
  readonly retain?: boolean;
  readonly tags?: Tags;
}

/** Where logs are kept. */
export function logBucket(
  name: string,
  { bucketName, keyArn, requestLogs, retentionDays, retain = false, tags }: BucketArgs,
  parent: pulumi.Resource,
): PrivateBucket {
  return privateBucket(
    `${name}-exported-logs`,
    {
      ...{ bucketName, keyArn, requestLogs, forceDestroy: false, tags },
      // Nobody writes an object twice: of what expired a version would be left.
      lifecycleRules: [
        oldVersions(1),
        expiry("logs", prefixes.logs, retentionDays),
        ...(retentionDays < worthMoving ? [] : [cold]),
        expiry("errors", prefixes.errors, Math.min(errorDays, retentionDays)),
        expiry("results", prefixes.results, resultDays),
      ],
    },
    { parent, retainOnDelete: retain },
  );
}

const cold = {
  id: "cold",
  status: "Enabled",
  filter: { prefix: prefixes.logs },
  transitions: [{ days: coldAfterDays, storageClass: "GLACIER_IR" }],
};
