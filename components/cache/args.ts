import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import type { CacheEngine } from "./engine";

/** What a serverless cache may grow to; it costs what is used. */
export interface CacheLimits {
  /** GB of data, 1 to 5000: beyond it, what has not been used for longest goes. Without it, 5000. */
  readonly maxGB?: number;
  /** ECPUs a second, 1000 to 15000000: beyond it, requests wait. Without it, 15000000. */
  readonly maxEcpuPerSecond?: number;
}

export interface CacheArgs {
  readonly engine: CacheEngine;
  /** As `8.0` or `7.1`. */
  readonly version: string;
  /** ElastiCache Serverless: clients must speak cluster mode. Either this or `node`. */
  readonly serverless?: CacheLimits;
  /** A type of nodes, as `cache.t4g.micro`. */
  readonly node?: string;
  /** With `node`: a second node in another zone, which takes over. Without it, no. */
  readonly standby?: boolean;
  /** Another number draws another password, which the services get with a deployment. Without it, 1. */
  readonly passwordVersion?: number;
  /** Days for which the snapshot of each day is kept, 0 to 35. Without it, 0: there is none. */
  readonly backupDays?: number;
  /** Such as a `Network`: it is in its private subnets. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly privateSubnetIds: pulumi.Input<string[]>;
  };
  /** Security groups that may connect, by the name of whose they are. Without it, nobody may. */
  readonly clients?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether it stays in AWS where the program has it no more. Without it, no. */
  readonly retain?: boolean;
  /** The KMS key of its password, and of what it holds for good: ElastiCache changes none. Without it, AWS's own for each. */
  readonly keyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}
