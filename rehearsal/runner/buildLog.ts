import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type InputLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Project } from "@aws-sdk/client-codebuild";
import { messageOf } from "../../delivery/errors";
import type { ClientSettings } from "./connection";
import { ActionError } from "./errors";
import { GrowingFile } from "./growingFile";

/** How often what a build has printed is put into its log, in milliseconds. */
const intervalMs = 2000;
/** "PutLogEvents" (CloudWatch Logs API reference): 10,000 events and 1,048,576 bytes, with 26 bytes beside each message. */
const most = { events: 10_000, bytes: 1_048_576, beside: 26 } as const;
/** What is more of a line is its next event. */
const longestLine = 100_000;

export interface BuildLogOptions {
  /** Where the build's output goes to; it need not be there yet. */
  readonly file: string;
  /** Values of secrets, for which the log has three stars, as CodeBuild's has. */
  readonly masked: readonly string[];
}

interface Place {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** A build's output as CodeBuild keeps it: a stream of the build's own in the group that its project names, an event for each line. */
export class BuildLog {
  private readonly output: GrowingFile;
  private timer?: NodeJS.Timeout;
  private putting: Promise<void> = Promise.resolve();
  private fault: unknown;

  private constructor(
    private readonly logs: CloudWatchLogsClient,
    private readonly place: Place,
    private readonly options: BuildLogOptions,
  ) {
    this.output = new GrowingFile(options.file);
  }

  /**
   * @param settings with keys of the project's role, by which CodeBuild logs.
   * @param id of the build: `<project>:<id>`.
   * @returns undefined where the project names no group.
   * @throws ActionError where the role may not log: CodeBuild then fails the build.
   */
  static async begin(
    settings: ClientSettings,
    { logsConfig, serviceRole }: Project,
    id: string,
    options: BuildLogOptions,
  ): Promise<BuildLog | undefined> {
    const logGroupName = logsConfig?.cloudWatchLogs?.groupName;
    if (!logGroupName) return undefined;
    const logs = new CloudWatchLogsClient(settings);
    const place = { logGroupName, logStreamName: id.slice(id.indexOf(":") + 1) };
    try {
      await logs.send(new CreateLogStreamCommand(place));
    } catch (error) {
      throw new ActionError(
        `${serviceRole} does not allow CodeBuild to create the log stream of ${id}: ${messageOf(error)}`,
      );
    }
    const made = new BuildLog(logs, place, options);
    made.timer = setInterval(() => void made.put(false).catch(() => undefined), intervalMs).unref();
    return made;
  }

  /**
   * Puts what is left, once the build has ended.
   * @returns why something of it is not in the log; undefined where all is.
   */
  async end(): Promise<string | undefined> {
    clearInterval(this.timer);
    await this.put(true);
    return this.fault === undefined
      ? undefined
      : `not all of its log is in CloudWatch Logs: ${messageOf(this.fault)}`;
  }

  /** One after another, since the events of a stream are in order. */
  private put(hasEnded: boolean): Promise<void> {
    this.putting = this.putting.then(async () => {
      for (const logEvents of batches(await this.lines(hasEnded))) {
        await this.logs
          .send(new PutLogEventsCommand({ ...this.place, logEvents }))
          .catch((error: unknown) => (this.fault = error));
      }
    });
    return this.putting;
  }

  private async lines(hasEnded: boolean): Promise<string[]> {
    const lines = await this.output.lines(hasEnded);
    return lines.map((line) =>
      this.options.masked.reduce((text, value) => text.replaceAll(value, "***"), line),
    );
  }
}

function* batches(lines: readonly string[]): Generator<InputLogEvent[]> {
  const timestamp = Date.now();
  let batch: InputLogEvent[] = [];
  let bytes = 0;
  for (const line of lines.flatMap(pieces)) {
    // An event has a message, also of an empty line.
    const message = `${line}\n`;
    const size = Buffer.byteLength(message) + most.beside;
    if (batch.length === most.events || bytes + size > most.bytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push({ timestamp, message });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function pieces(line: string): string[] {
  const count = Math.max(1, Math.ceil(line.length / longestLine));
  return Array.from({ length: count }, (_, index) =>
    line.slice(index * longestLine, (index + 1) * longestLine),
  );
}
