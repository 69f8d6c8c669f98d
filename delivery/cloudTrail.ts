import {
  CloudTrailClient,
  LookupEventsCommand,
  type Event,
  type LookupEventsCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { settingsOf, telling, type CallLimits, type Credentials } from "./clients";
import type { Clock } from "./clock";

/** By itself: no deployment asks CloudTrail, and none is to load its client. Arguments are those of `makeClients`. */
export function makeCloudTrail(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  limits?: CallLimits,
): CloudTrailClient {
  return telling(new CloudTrailClient(settingsOf(region, credentials, endpoint, limits)));
}

/** Before each question: an account and region may ask twice a second ("LookupEvents", CloudTrail API reference). */
const pauseMs = 600;

/** The event history, page by page, newest first. It waits before each, for those who have just asked as well. */
export async function* eventPages(
  cloudtrail: Pick<CloudTrailClient, "send">,
  clock: Pick<Clock, "sleep">,
  asked: LookupEventsCommandInput,
): AsyncGenerator<readonly Event[]> {
  let NextToken: string | undefined;
  do {
    await clock.sleep(pauseMs);
    const page = await cloudtrail.send(new LookupEventsCommand({ ...asked, NextToken }));
    yield page.Events ?? [];
    NextToken = page.NextToken;
  } while (NextToken);
}
