import { CreateBucketCommand, S3Client, type BucketLocationConstraint } from "@aws-sdk/client-s3";
import type { Emulator } from "./emulator";

/** Where Pulumi keeps the state of a rehearsal: as a team's would, in a bucket of the account, which is the emulator's. */
export const stateBucket = "acme-pulumi-state";

export const stateBackend = `s3://${stateBucket}`;

/** Makes a bucket, unless it is there. */
export async function ensureBucket({ env }: Emulator, name: string): Promise<S3Client> {
  const { AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = env;
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  };
  const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  const place = { LocationConstraint: region as BucketLocationConstraint };
  try {
    await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: place }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "BucketAlreadyOwnedByYou") throw error;
  }
  return s3;
}
