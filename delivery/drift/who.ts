import type { CloudTrailClient, Event } from "@aws-sdk/client-cloudtrail";
import type { Clock } from "../clock";
import { eventPages } from "../cloudTrail";
import { asJson } from "../issues";
import { isRecord } from "../../contract/record";
import type { Finding } from "./findings";

/** Who did it, as CloudTrail's event history has it: 90 days of what changed something, without any trail. */
export interface Doer {
  /** `ada`, `Admin/ada` of a role and its session, `root`, or a service of AWS. */
  readonly who: string;
  /** The call, such as `AuthorizeSecurityGroupIngress`. */
  readonly call: string;
  readonly at: string;
}

/** Pages of 50 events that are looked through where CloudTrail does not know a resource by its name. */
const mostPages = 4;

export interface WhoOptions {
  /** Of the region, or of where the partition's global services tell what is done. */
  readonly client: (global: boolean) => CloudTrailClient;
  readonly clock: Clock;
  /** When it was still as stated. Default: it is not known. */
  readonly after?: Date;
}

/**
 * Who changed a resource last.
 * @returns undefined where CloudTrail does not say: it is late by up to 15 minutes, and forgets after 90 days.
 * @throws what CloudTrail answers, where it may not be asked.
 */
export async function whoChanged(
  finding: Pick<Finding, "type" | "resourceId">,
  options: WhoOptions,
): Promise<Doer | undefined> {
  const names = namesOf(finding.resourceId);
  const source = eventSource(finding.type);
  const client = options.client(globalSources.has(source));
  const ask = async (AttributeKey: "ResourceName" | "EventSource", AttributeValue: string) => {
    const found: Event[] = [];
    const pages = eventPages(client, options.clock, {
      LookupAttributes: [{ AttributeKey, AttributeValue }],
      ...(options.after ? { StartTime: options.after } : {}),
    });
    let left = AttributeKey === "ResourceName" ? 1 : mostPages;
    for await (const events of pages) {
      found.push(...events);
      if (--left === 0) break;
    }
    return found.filter(
      (event) =>
        event.EventSource === source &&
        isChange(event) &&
        names.some((name) => isAbout(event, name)),
    );
  };
  for (const name of names) {
    const doer = newest(await ask("ResourceName", name));
    if (doer) return doer;
  }
  // Many calls say of what they are in their parameters alone, as those of ECS do. Without a time there is too much to look through.
  return options.after ? newest(await ask("EventSource", source)) : undefined;
}

/** What a resource is called in calls: its id, of an ARN or a pair of names the last part too. */
function namesOf(id: string): string[] {
  const last = id.split(/[/]/).at(-1) ?? id;
  const pair = id.startsWith("arn:") ? [] : id.split(":");
  return [...new Set([id, last, ...pair])].filter((name) => name.length > 2).slice(0, 3);
}

const sources: Readonly<Record<string, string>> = {
  "aws:cloudwatch:LogGroup": "logs.amazonaws.com",
  "aws:cloudwatch:EventRule": "events.amazonaws.com",
  "aws:cloudwatch:EventTarget": "events.amazonaws.com",
  appautoscaling: "autoscaling.amazonaws.com",
  cloudwatch: "monitoring.amazonaws.com",
  efs: "elasticfilesystem.amazonaws.com",
  lb: "elasticloadbalancing.amazonaws.com",
  sfn: "states.amazonaws.com",
  vpc: "ec2.amazonaws.com",
};

/** The service that a call is of, by a type such as `aws:ecs:Service`. */
function eventSource(type: string): string {
  const service = type.split(":")[1] ?? "";
  return sources[type] ?? sources[service] ?? `${service}.amazonaws.com`;
}

/** What is done to these is told in one region of the partition. */
const globalSources: ReadonlySet<string> = new Set(["iam.amazonaws.com", "route53.amazonaws.com"]);

function isChange({ ReadOnly: readOnly }: Event): boolean {
  return readOnly !== "true";
}

function isAbout({ CloudTrailEvent: text = "" }: Event, name: string): boolean {
  return text.includes(name);
}

function newest(events: readonly Event[]): Doer | undefined {
  const [event] = [...events].sort(
    (a, b) => (b.EventTime?.getTime() ?? 0) - (a.EventTime?.getTime() ?? 0),
  );
  if (!event?.EventName || !event.EventTime) return undefined;
  const who = identityOf(asJson(event.CloudTrailEvent ?? "")) ?? event.Username;
  return who ? { who, call: event.EventName, at: event.EventTime.toISOString() } : undefined;
}

function identityOf(event: unknown): string | undefined {
  const identity = isRecord(event) ? event.userIdentity : undefined;
  if (!isRecord(identity)) return undefined;
  const { type, arn, userName, invokedBy } = identity;
  if (type === "Root") return "root";
  if (type === "AssumedRole" && typeof arn === "string") {
    return arn.split(":assumed-role/")[1] ?? arn;
  }
  const named = [userName, invokedBy, arn].find((text) => typeof text === "string");
  return typeof named === "string" ? named : undefined;
}
