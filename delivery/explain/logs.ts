import { GetLogEventsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { withoutSecrets } from "../../stacks/config/secretValues";

/** Where a container logs: group and stream. */
export interface LogPlace {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export const logTailLines = 20;
const lineLength = 400;

/**
 * The last lines that a container logged, indented, each cut to a length that a build log bears, with three stars in the place of
 * what looks like a secret: more people read the log of a pipeline than that of a service.
 * @param elsewhere said where there is no log, because it is in another place. Default: none is.
 */
export async function logTail(
  logs: CloudWatchLogsClient,
  place: LogPlace,
  elsewhere?: string,
): Promise<string[]> {
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ ...place, limit: logTailLines, startFromHead: false }),
    );
    if (events.length === 0) return [`its log ${place.logStreamName} is empty`];
    // A key has several lines, so that it is looked for in all of them at once.
    const said = withoutSecrets(events.map(({ message = "" }) => message.trimEnd()).join("\n"));
    return [
      `its last log lines (${place.logGroupName}, ${place.logStreamName}):`,
      ...said.split("\n").map((line) => `  | ${cut(line)}`),
    ];
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    return [
      elsewhere ?? `it logged nothing: ${place.logGroupName} has no stream ${place.logStreamName}`,
    ];
  }
}

function cut(line: string): string {
  return line.length > lineLength ? `${line.slice(0, lineLength)}...` : line;
}
