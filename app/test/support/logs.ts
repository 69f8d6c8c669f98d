import { createLogger, type Logger, type LogLevel } from "../../src/log";

/** A log line as a reader of the logs gets it. */
export interface LogLine {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface RecordedLogs {
  readonly logger: Logger;
  readonly lines: LogLine[];
  /** The first line with this message, also one that is yet to come. */
  waitFor(message: string): Promise<LogLine>;
}

/** Keeps log lines and hands them to whoever waits, so that no test has to sleep. */
export class LogLines {
  readonly lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();

  add(text: string): void {
    this.lines.push(JSON.parse(text) as LogLine);
    for (const check of this.#waiting) check();
  }

  waitFor(message: string): Promise<LogLine> {
    return new Promise((resolve) => {
      const check = (): void => {
        const line = this.lines.find((each) => each.message === message);
        if (line === undefined) return;
        this.#waiting.delete(check);
        resolve(line);
      };
      this.#waiting.add(check);
      check();
    });
  }
}

export function recordLogs(level: LogLevel = "debug"): RecordedLogs {
  const logLines = new LogLines();
  return {
    logger: createLogger(level, {}, (text) => logLines.add(text)),
    lines: logLines.lines,
    waitFor: (message) => logLines.waitFor(message),
  };
}
