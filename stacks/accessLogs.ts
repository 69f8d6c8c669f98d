import type * as pulumi from "@pulumi/pulumi";
import {
  AccessLogs,
  type AccessLogsTarget,
  type FoundLoadBalancer,
  type RequestLogsTarget,
} from "../components";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentConfig } from "./config";
import { servicesOf, sides } from "./config/sides";

interface Context {
  readonly config: EnvironmentConfig;
  /** The load balancer that is there already. Absent where one is made. */
  readonly found?: FoundLoadBalancer;
  /** The stack's account. */
  readonly accountId: pulumi.Input<string>;
  readonly prefix: string;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** Where requests are logged, absent where they are not. */
export interface AccessLogTargets {
  readonly ofLoadBalancers?: AccessLogsTarget;
  readonly ofBuckets?: RequestLogsTarget;
}

/**
 * The bucket of access logs, where a load balancer is made that has some. The environment's buckets log there, too; one that is there
 * already may let in Elastic Load Balancing alone. Logs outlive whatever config does to their bucket, in each kind of environment, until
 * they expire.
 */
export function createAccessLogs(context: Context): AccessLogTargets {
  const { config, found, accountId, prefix, tags, options } = context;
  const { accessLogs: given } = config.loadBalancer;
  const made = found ? (["internal"] as const) : sides;
  if (given === false || !made.some((side) => servicesOf(side, config).length > 0)) return {};
  if ("bucket" in given) {
    return { ofLoadBalancers: { bucketName: given.bucket, prefix: given.prefix } };
  }
  const args = { ...given, accountId, retain: true, tags };
  const { bucketName } = new AccessLogs(prefix, args, options);
  return { ofLoadBalancers: { bucketName }, ofBuckets: { bucketName } };
}
