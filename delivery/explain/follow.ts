import { GetLogEventsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { plainText } from "../../contract/plainText";
import { isNamed } from "../errors";
import type { LogPlace } from "./logs";
import { SecretMask } from "./secretMask";

/**
 * Reads a stream from its beginning, piece by piece while it grows: as people read it, with three stars for what looks like a secret,
 * and without what could move a terminal's cursor.
 */
export class LogTail {
  private token?: string;
  private readonly secrets = new SecretMask();

  constructor(
    private readonly logs: CloudWatchLogsClient,
    private readonly place: LogPlace,
  ) {}

  /** The lines since the last call; none while there is no stream yet. */
  async next(): Promise<string[]> {
    const lines: string[] = [];
    try {
      for (;;) {
        const { events = [], nextForwardToken } = await this.logs.send(
          new GetLogEventsCommand({
            ...this.place,
            startFromHead: true,
            ...(this.token === undefined ? {} : { nextToken: this.token }),
          }),
        );
        lines.push(
          ...events.map(({ message = "" }) => this.secrets.of("", plainText(message).trimEnd())),
        );
        // The same token again: the end, for now ("GetLogEvents", CloudWatch Logs API reference).
        if (nextForwardToken === undefined || nextForwardToken === this.token) return lines;
        this.token = nextForwardToken;
      }
    } catch (error) {
      if (isNamed(error, "ResourceNotFoundException")) return lines;
      throw error;
    }
  }
}
