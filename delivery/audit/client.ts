import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { settingsOf, telling, type CallLimits, type Credentials } from "../clients";

/** By itself: one command alone asks CloudTrail, and no deployment is to load its client. Arguments are those of `makeClients`. */
export function makeCloudTrail(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  limits?: CallLimits,
): CloudTrailClient {
  return telling(new CloudTrailClient(settingsOf(region, credentials, endpoint, limits)));
}
