import { FilterLogEventsCommand, type FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import type { LogReaderOptions } from "../../../operations/logs/read";

/** A line of a stream, as CloudWatch has it. */
export interface Logged {
  readonly stream: string;
  /** When it was written, in milliseconds. */
  readonly at: number;
  /** When CloudWatch took it in. Default: at once. */
  readonly came?: number;
  readonly message: string;
}

/** CloudWatch Logs with some groups, in pages of two lines, of which every other is empty. */
export class FakeLogs {
  readonly asked: FilterLogEventsCommand["input"][] = [];
  readonly groups: Record<string, Logged[] | undefined> = {};
  refuses?: Error;

  readonly client = {
    send: (command: unknown) => Promise.resolve().then(() => this.answer(command)),
  } as unknown as LogReaderOptions["logs"];

  private answer(command: unknown): object {
    if (!(command instanceof FilterLogEventsCommand)) throw new Error("nobody asks that");
    const { input } = command;
    this.asked.push(input);
    if (this.refuses) throw this.refuses;
    const group = this.groups[input.logGroupName ?? ""];
    if (!group) throw Object.assign(new Error(), { name: "ResourceNotFoundException" });
    const found = group
      .map((logged, index) => ({ ...logged, id: `${index}` }))
      .filter(({ stream }) => stream.startsWith(input.logStreamNamePrefix ?? ""))
      .filter(({ at }) => at >= (input.startTime ?? 0) && at <= (input.endTime ?? Infinity))
      .sort((a, b) => a.at - b.at);
    const page = Number(input.nextToken ?? 0);
    const start = (page / 2) * 2;
    const isEmpty = page % 2 === 1;
    const events: FilteredLogEvent[] = (isEmpty ? [] : found.slice(start, start + 2)).map(
      ({ stream, at, came = at, message, id }) => ({
        ...{ eventId: id, logStreamName: stream, timestamp: at, ingestionTime: came, message },
      }),
    );
    const hasMore = isEmpty || start + 2 < found.length;
    return { events, ...(hasMore ? { nextToken: `${page + 1}` } : {}) };
  }
}
