import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const aws = join(__dirname, "../../node_modules/@pulumi/aws");

/** AWS counts objects by the tags of their bucket. */
const without = ["aws:s3/bucketObjectv2:BucketObjectv2"];

/** Whether AWS takes tags of such a resource, as the provider's SDK declares it. */
export function isTaggable(type: string): boolean {
  if (without.includes(type)) return false;
  const [, path] = type.split(":");
  const file = join(aws, `${path}.d.ts`);
  return existsSync(file) && /^ {4}readonly tagsAll:/m.test(readFileSync(file, "utf8"));
}
