/** What tasks do with objects. To delete a version for good is none of it: what was overwritten can be had back. */
export const objectActions = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:GetObjectTagging",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
  "s3:PutObjectTagging",
];

/** What tasks ask of the bucket itself. */
export const bucketActions = ["s3:GetBucketLocation", "s3:ListBucket"];
