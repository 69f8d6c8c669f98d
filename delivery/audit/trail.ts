import { DescribeTrailsCommand, type CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { Clock } from "../clock";
import { eventPages } from "../cloudTrail";
import { messageOf } from "../errors";
import type { AuditEntry, Period } from "./entries";
import { lookedUp, readEvent, type Concerned, type TrailEvent } from "./events";

/** How far back CloudTrail's event history goes, which is there without a trail ("LookupEvents", CloudTrail API reference). */
export const historyDays = 90;

export interface TrailOptions {
  readonly cloudtrail: Pick<CloudTrailClient, "send">;
  readonly concerned: Concerned;
  readonly period: Period;
  readonly clock: Clock;
}

export interface TrailEntries {
  readonly entries: readonly AuditEntry[];
  /** By the id of a session of ECS Exec: its entry. */
  readonly sessions: ReadonlyMap<string, AuditEntry>;
  readonly gaps: readonly string[];
}

/** What CloudTrail knows of an environment. */
export async function trailEntries(options: TrailOptions): Promise<TrailEntries> {
  const { cloudtrail, concerned, period, clock } = options;
  const oldest = clock.now().getTime() - historyDays * 86_400_000;
  const since = new Date(Math.max(period.since.getTime(), oldest));
  const entries: AuditEntry[] = [];
  const sessions = new Map<string, AuditEntry>();
  let own = 0;
  if (since <= period.until) {
    for (const name of Object.keys(lookedUp)) {
      for (const event of await lookUp(options, name, since)) {
        const reading = readEvent(event, concerned);
        if (reading === "own") own += 1;
        if (typeof reading === "string") continue;
        entries.push(reading.entry);
        if (reading.session !== undefined) sessions.set(reading.session, reading.entry);
      }
    }
  }
  return {
    ...{ entries, sessions },
    gaps: [
      ...(period.since.getTime() < oldest
        ? [await beyond(cloudtrail, new Date(oldest).toISOString())]
        : []),
      ...(own > 0
        ? [
            `${own} calls of the pipeline's own roles and of AWS's services are left out: the history has what they did`,
          ]
        : []),
    ],
  };
}

async function lookUp(
  { cloudtrail, period, clock }: TrailOptions,
  name: string,
  since: Date,
): Promise<TrailEvent[]> {
  const found: TrailEvent[] = [];
  const pages = eventPages(cloudtrail, clock, {
    LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: name }],
    ...{ StartTime: since, EndTime: period.until, MaxResults: 50 },
  });
  for await (const events of pages) {
    for (const { CloudTrailEvent: text = "{}" } of events) {
      found.push(JSON.parse(text) as TrailEvent);
    }
  }
  return found;
}

/** Where older events may be: an environment's account has a trail, or has none. */
async function beyond(cloudtrail: TrailOptions["cloudtrail"], oldest: string): Promise<string> {
  const said = `CloudTrail's event history begins at ${oldest}: secrets, sessions and changes of before are not here`;
  try {
    const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({}));
    const places = trailList.map(({ Name, S3BucketName }) => `${Name} in s3://${S3BucketName}`);
    return places.length > 0
      ? `${said}. Trails may have them: ${places.join(", ")}`
      : `${said}, and there is no trail that has kept them`;
  } catch (error) {
    return `${said}. Whether a trail has them is not known (cloudtrail:DescribeTrails): ${messageOf(error)}`;
  }
}
