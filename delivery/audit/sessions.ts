import {
  DescribeLogStreamsCommand,
  type CloudWatchLogsClient,
  type LogStream,
} from "@aws-sdk/client-cloudwatch-logs";
import { isNamed } from "../errors";
import { isWithin, type AuditEntry, type Period } from "./entries";

/**
 * The sessions of ECS Exec that were logged, each a stream that is named after it. Who began one, CloudTrail says.
 * @returns none where there is no log group: sessions are not allowed then.
 */
export async function loggedSessions(
  logs: Pick<CloudWatchLogsClient, "send">,
  logGroupName: string,
  period: Period,
): Promise<AuditEntry[]> {
  const streams: LogStream[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page = await logs.send(new DescribeLogStreamsCommand({ logGroupName, nextToken }));
      streams.push(...(page.logStreams ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return [];
    throw error;
  }
  return streams
    .map(({ logStreamName = "", creationTime = 0 }): AuditEntry => ({
      ...{
        at: new Date(creationTime).toISOString(),
        kind: "session",
        what: "a session was logged",
      },
      ...{ source: "CloudWatch Logs", id: logStreamName },
    }))
    .filter(({ at }) => isWithin(at, period));
}

/** Each session once: with its stream where it was logged, and with who began it where CloudTrail says so. */
export function joinSessions(
  logged: readonly AuditEntry[],
  began: ReadonlyMap<string, AuditEntry>,
): { readonly logged: readonly AuditEntry[]; readonly began: ReadonlyMap<AuditEntry, string> } {
  const streams = new Map<AuditEntry, string>();
  const alone = logged.filter(({ id }) => {
    const session = id.split("/").at(-1) ?? id;
    const entry = began.get(session);
    if (entry) streams.set(entry, id);
    return !entry;
  });
  return { logged: alone, began: streams };
}
