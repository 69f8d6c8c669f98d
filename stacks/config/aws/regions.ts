/**
 * Regions that have ECS and no CodePipeline. Source: the endpoints that AWS publishes in botocore 1.43.11 ("AWS CodePipeline
 * endpoints and quotas", AWS general reference). A region that is on neither list is newer than these, and is let through.
 */
export const regionsWithoutCodePipeline: readonly string[] = [
  "ap-east-2",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-west-1",
  "eusc-de-east-1",
  "mx-central-1",
];
