import { nearest } from "../nearest";

/**
 * Regions of AWS, to find a slip's. Source: the endpoints that AWS publishes in botocore 1.43.11 ("Regions and Availability Zones",
 * AWS Regions and Availability Zones user guide). One that is newer than these is let through.
 */
const regions: readonly string[] = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
  ...["ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"],
  ...["ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1"],
  ...["ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1"],
  ...["eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1"],
  ...["il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1"],
  ...["us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2"],
];

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

export const allowedRegion = "a region of AWS such as eu-west-1";

/** What all names of regions have in common: where, in which direction, and a number. */
const regionName = /^[a-z]{2,4}(-[a-z]+)?-(north|south|(north|south)?(east|west)|central)-\d+$/;

/** @returns what to write in place of what is no region's name. */
export function regionFault(given: string): string | undefined {
  if (regionName.test(given)) return undefined;
  return `write ${nearest(given, regions) ?? allowedRegion}`;
}
