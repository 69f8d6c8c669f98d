import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BundleArgs } from "./args";
import { bundlesPrefix } from "./arns";

/** A file that actions fetch, where it is. */
export interface FetchedBundle {
  /** As `s3://<bucket>/bundles/<SHA-256 of its content><ending of its name>`. */
  readonly url: pulumi.Input<string>;
  /** Variable that tells actions where it is. */
  readonly variable: string;
  /** ARN of it, and of those of earlier updates, which an action may be about to fetch. */
  readonly objectsArn: pulumi.Input<string>;
  /** The KMS key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
}

/**
 * Puts a file beside the artifacts, under the hash of its content. Earlier ones stay: an action that is about to fetch its
 * own finds it, and S3 would not give their versions up.
 * @returns where it is, once it is there.
 */
export function bundleObject(
  name: string,
  { path }: BundleArgs,
  bucketName: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  const object = new aws.s3.BucketObjectv2(
    `${name}-bundle`,
    {
      bucket: bucketName,
      key: `${bundlesPrefix}/${hash}${extname(path)}`,
      source: new pulumi.asset.FileAsset(path),
    },
    { parent, retainOnDelete: true },
  );
  return pulumi.interpolate`s3://${object.bucket}/${object.key}`;
}
