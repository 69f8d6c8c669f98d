import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AuditTrail, type RequestLogsTarget } from "../components";
import {
  askCloudTrail,
  recordingTrails,
  type RecordingTrail,
} from "../components/auditTrail/recording";
import type { Tags } from "../components/shared/tags";
import { environmentNames, type EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";

/**
 * Whether the environment has a trail of its own: where config says `always`, or `true` and no other records the account and region,
 * which is told with its name.
 * @param find the other trails. Default: CloudTrail is asked.
 * @param known the others, where they were looked up already. Default: CloudTrail is asked.
 * @throws pulumi.RunError where it may not be asked.
 */
export async function makesTrail(
  config: EnvironmentConfig,
  known?: readonly RecordingTrail[],
): Promise<boolean> {
  if (config.audit.trail !== true) return config.audit.trail === "always";
  const [other] = known ?? (await otherTrails(config));
  if (other === undefined) return true;
  const whose = other.isOrganization ? "the organisation's trail" : "the trail";
  await pulumi.log.info(
    `gantry:audit.trail: ${whose} ${other.arn} records this account and region, and a second one costs 2 USD for 100 000 records: ` +
      "none is made. Where the environment must have its own, write audit.trail: always.",
  );
  return false;
}

async function otherTrails(config: EnvironmentConfig): Promise<readonly RecordingTrail[]> {
  const region = config.region ?? (await aws.getRegion({})).region;
  const own = environmentNames(config).auditTrail;
  try {
    return await askCloudTrail(region, (questions) => recordingTrails(region, own, questions));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AccessDeniedException") throw error;
    throw new pulumi.RunError(
      `gantry:audit.trail: CloudTrail may not be asked which trails there are: ${error.message}. Nothing was changed. Allow ` +
        "cloudtrail:DescribeTrails, cloudtrail:GetEventSelectors and cloudtrail:GetTrailStatus, or write audit.trail: always or false.",
    );
  }
}

interface Context {
  readonly config: EnvironmentConfig;
  /** The key of the environment. Without it, S3's own. */
  readonly keyArn?: pulumi.Input<string>;
  /** Where requests to its bucket are logged. Without it, they are not. */
  readonly requestLogs?: RequestLogsTarget;
  readonly names: EnvironmentNames;
  /** ARN of something of the account and region. */
  readonly ofAccount: pulumi.Input<string>;
  /** Physical names of the environment's buckets. */
  readonly bucketNames: Readonly<Record<string, pulumi.Input<string>>>;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** What was recorded outlives the trail, until it expires. */
export function createAuditTrail(context: Context): void {
  const { config, keyArn, requestLogs, names, ofAccount, bucketNames, tags, options } = context;
  const { dataEvents, retentionDays } = config.audit;
  new AuditTrail(
    names.prefix,
    {
      ...{ trailName: names.auditTrail, ofAccount, retentionDays, keyArn, retain: true, tags },
      requestLogs,
      dataOfBuckets: dataEvents ? Object.values(bucketNames) : [],
    },
    options,
  );
}
