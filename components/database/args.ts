import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import type { DatabaseEngine } from "./engine";

/** Aurora Serverless v2: capacity in ACUs, each about 2 GiB of memory, in steps of a half. */
export interface ServerlessCapacity {
  /** 0 to 256. With 0 it pauses where nobody is connected. */
  readonly min: number;
  /** 1 to 256. */
  readonly max: number;
  /** Seconds without a connection after which it pauses, 300 to 86400, with `min` 0. Without it, 300. */
  readonly pauseAfterSeconds?: number;
}

export interface DatabaseArgs {
  readonly engine: DatabaseEngine;
  /** As `17` or `8.4`; with a minor version AWS raises none by itself. */
  readonly version: string;
  /** Aurora Serverless v2. Either this or `instance`. */
  readonly serverless?: ServerlessCapacity;
  /** A class of RDS, as `db.t4g.medium`. */
  readonly instance?: string;
  /** With `instance`: GiB that it begins with, 20 to 65536. Without it, 20. */
  readonly storageGiB?: number;
  /** With `instance`: GiB up to which AWS lets its storage grow. Without it, five times `storageGiB`. */
  readonly maxStorageGiB?: number;
  /** A second instance in another zone, which takes over within a minute or two. Without it, no. */
  readonly standby?: boolean;
  /** The database that is made in it. Without it, `app`. */
  readonly databaseName?: string;
  /** Days for which it can be put back to any moment, 1 to 35. Without it, 7. */
  readonly backupDays?: number;
  /** Days after which Secrets Manager changes the password, 1 to 1000. Without it, 30. */
  readonly passwordDays?: number;
  /** Whether connections without TLS are refused. Without it, yes. */
  readonly requireTls?: boolean;
  /** Such as a `Network`: it is in its private subnets. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly privateSubnetIds: pulumi.Input<string[]>;
  };
  /** Security groups that may connect, by the name of whose they are. Without it, nobody may. */
  readonly clients?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether AWS refuses to delete it, and it stays where the program has it no more. Without it, no. */
  readonly retain?: boolean;
  /** The KMS key of its data and of its password, for good: RDS changes none. Without it, AWS's own for each. */
  readonly keyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}
