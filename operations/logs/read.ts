import {
  FilterLogEventsCommand,
  type CloudWatchLogsClient,
  type FilteredLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../../delivery/clock";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { SecretMask } from "../../delivery/explain/secretMask";
import { logLine, type LogLine } from "./line";
import { merged } from "./merge";
import { Pace } from "./pace";
import type { LogSource } from "./places";

export interface LogReaderOptions {
  readonly logs: Pick<CloudWatchLogsClient, "send">;
  readonly sources: readonly LogSource[];
  readonly since: Date;
  /** Default: what there is. */
  readonly until?: Date;
  /** CloudWatch's filter pattern. Default: every line. */
  readonly filter?: string;
  readonly clock: Clock;
}

/** How late a line may come, by its own time, so that whoever follows still sees it: awslogs hands on within seconds, unless its buffer is full. */
const lookBackMs = 120_000;
/** By how much this machine's clock may differ from AWS's: the SDK sets itself right beyond that. */
const skewMs = 300_000;

/** How far the lines of a source have been read. */
interface Position {
  /** From when on it is asked again, in milliseconds. */
  from: number;
  /** Ids of what was given of that, by which nothing is given twice: with their times. */
  readonly given: Map<string, number>;
  /** When AWS took in the newest, by its own clock. */
  ingested: number;
}

/**
 * Reads what several services have logged, in the order of time. Called again, it gives what has come since, each line once: also one that
 * came late, by up to two minutes. FilterLogEvents costs nothing, is ordered over all streams of a group and loses nothing;
 * a session of Live Tail costs by the minute, and gives samples where more than 500 lines come in a second ("StartLiveTail", API reference).
 */
export class LogReader {
  /** Services that have no log group yet. */
  readonly missing = new Set<string>();
  private readonly pace: Pace;
  private readonly positions: readonly Position[];
  private readonly secrets = new SecretMask();

  constructor(private readonly options: LogReaderOptions) {
    this.pace = new Pace(options.clock);
    const from = options.since.getTime();
    this.positions = options.sources.map(() => ({ from, given: new Map(), ingested: 0 }));
  }

  /**
   * @throws DeliveryError where the filter is none.
   */
  async *lines(): AsyncGenerator<LogLine> {
    const streams = this.options.sources.map((source, index) =>
      this.eventsOf(source, this.positions[index]),
    );
    const ordered = merged(streams, ({ event: { timestamp = 0 } }) => timestamp);
    for await (const { event, source } of ordered) yield logLine(event, source, this.secrets);
  }

  private async *eventsOf(
    source: LogSource,
    position: Position,
  ): AsyncGenerator<{ event: FilteredLogEvent; source: LogSource }> {
    const begun = this.options.clock.now().getTime();
    for await (const events of this.pagesOf(source, position.from)) {
      for (const event of events) {
        const { eventId = "", timestamp = 0, ingestionTime = 0 } = event;
        position.ingested = Math.max(position.ingested, ingestionTime);
        if (position.given.has(eventId)) continue;
        position.given.set(eventId, timestamp);
        yield { event, source };
      }
      forget(position);
    }
    const since = Math.max(position.ingested, begun - skewMs) - lookBackMs;
    position.from = Math.max(position.from, since);
    forget(position);
  }

  private async *pagesOf(
    { service, logGroupName, streamPrefix }: LogSource,
    startTime: number,
  ): AsyncGenerator<readonly FilteredLogEvent[]> {
    const { logs, until, filter } = this.options;
    let nextToken: string | undefined;
    do {
      await this.pace.turn();
      try {
        const page = await logs.send(
          new FilterLogEventsCommand({
            ...{ logGroupName, logStreamNamePrefix: streamPrefix, startTime, nextToken },
            ...(until === undefined ? {} : { endTime: until.getTime() }),
            ...(filter === undefined ? {} : { filterPattern: filter }),
          }),
        );
        this.missing.delete(service);
        yield page.events ?? [];
        // A page may be empty, though there are more ("FilterLogEvents", API reference).
        nextToken = page.nextToken;
      } catch (error) {
        if (!isNamed(error, "ResourceNotFoundException")) throw explained(error, filter);
        this.missing.add(service);
        return;
      }
    } while (nextToken);
  }
}

/** Forgets ids that no answer can have any more. */
function forget({ given, ingested, from }: Position): void {
  const before = Math.max(from, ingested - lookBackMs);
  // In the order of time, but for those that came late: some are kept for longer.
  for (const [id, timestamp] of given) {
    if (timestamp >= before) break;
    given.delete(id);
  }
}

function explained(error: unknown, filter: string | undefined): unknown {
  if (filter === undefined || !isNamed(error, "InvalidParameterException")) return error;
  return new DeliveryError(
    `CloudWatch does not understand the filter ${filter}: ${error.message}. It is a filter pattern of CloudWatch, such as`,
    [
      `--filter 'ERROR timeout'                  lines with both words, as they are written`,
      `--filter '?ERROR ?WARN'                   lines with one of them`,
      `--filter '"connection refused"'           with what has signs beside letters and digits in it`,
      `--filter '{ $.level = "error" }'          lines of JSON, by a field`,
    ],
  );
}
