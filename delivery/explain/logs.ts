import { GetLogEventsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { mask } from "../../stacks/config/secretValues";
import { SecretMask } from "./secretMask";

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
    const secrets = new SecretMask();
    const said = events.map(({ message = "" }) => secrets.of("", message.trimEnd()));
    return [
      `its last log lines (${place.logGroupName}, ${place.logStreamName}):`,
      ...said
        .flatMap((message) => message.split("\n"))
        // Of a key that was one message for each of its lines.
        .filter((line, index, all) => line !== mask || all[index - 1] !== mask)
        .map((line) => `  | ${cut(line)}`),
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
