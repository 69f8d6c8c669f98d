import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OwnResources, ResourcesContext } from "gantry";

/** What the service `orders` works with: a table of orders, a bucket of receipts, and the key that signs these. */
export const resources = ({ protection, tags }: ResourcesContext) => {
  const table = new aws.dynamodb.Table("orders", {
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    billingMode: "PAY_PER_REQUEST",
    pointInTimeRecovery: { enabled: protection },
    deletionProtectionEnabled: protection,
    tags,
  });
  const bucket = new aws.s3.Bucket("receipts", { forceDestroy: !protection, tags });
  new aws.s3.BucketPublicAccessBlock("receipts", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  return {
    values: { tableName: table.name, bucketName: bucket.bucket },
    secrets: { signingKey: signingKey(tags) },
    grants: {
      orders: { actions: ["dynamodb:GetItem", "dynamodb:PutItem"], resources: [table.arn] },
      receipts: { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${bucket.arn}/*`] },
    },
    lookups: [
      {
        actions: ["secretsmanager:GetRandomPassword"],
        resources: ["*"],
        because: "a random text belongs to no resource",
      },
    ],
  } satisfies OwnResources;
};

/** Made once: what each run draws anew is ignored as soon as there is one. */
function signingKey(tags: ResourcesContext["tags"]): pulumi.Output<string> {
  const secret = new aws.secretsmanager.Secret("signing-key", { tags });
  const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput({ passwordLength: 40 });
  const version = new aws.secretsmanager.SecretVersion(
    "signing-key",
    { secretId: secret.id, secretString: randomPassword },
    { ignoreChanges: ["secretString"] },
  );
  // Of the version, so that no task starts before the secret has a value.
  return version.arn;
}
