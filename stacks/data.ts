import type * as pulumi from "@pulumi/pulumi";
import { Bucket, type Tags } from "../components";
import { partOf } from "../contract/names";
import type { EnvironmentConfig } from "./config";
import { variablePrefix } from "./config/uses";
import type { Taken } from "./resources/taken";

/** What a service gets that uses something: where it is, and how it gets in. */
export type Used = Readonly<Record<string, Taken>>;

export interface DataContext {
  readonly config: EnvironmentConfig;
  /** What begins logical names. */
  readonly prefix: string;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/**
 * Makes what holds the services' data, before them. Where the environment is protected, Pulumi refuses to delete or replace
 * it, and where somebody takes that protection away, it stays in AWS all the same.
 */
export function createData(context: DataContext): Used {
  const { config } = context;
  return Object.fromEntries(
    Object.entries(config.buckets).map(([name, bucket]) => [
      name,
      useBucket(name, bucket, context),
    ]),
  );
}

function useBucket(
  name: string,
  bucket: EnvironmentConfig["buckets"][string],
  { config, prefix, tags, options }: DataContext,
): Taken {
  const { bucketName, permissions } = new Bucket(
    partOf(prefix, name),
    { ...bucket, retain: config.protection, tags },
    { ...options, protect: config.protection },
  );
  return {
    environment: { [`${variablePrefix(name)}_BUCKET`]: bucketName },
    secrets: {},
    permissions,
    securityGroupIds: [],
  };
}
