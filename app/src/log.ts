export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export function isLogLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text);
}

/** Fields of a log line. `error` takes anything that was thrown. Never put headers or bodies here. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

/**
 * Writes one JSON object per line, which CloudWatch Logs Insights turns into fields by itself. The
 * default goes to stdout, which Node writes synchronously to a pipe or a file on Linux: the last
 * line before `process.exit` is not lost.
 */
export function createLogger(
  level: LogLevel,
  base: LogFields = {},
  write: (line: string) => void = (line) => process.stdout.write(line),
): Logger {
  const least = logLevels.indexOf(level);
  return {
    log(lineLevel, message, fields = {}) {
      if (logLevels.indexOf(lineLevel) < least) return;
      const { error, ...rest } = fields;
      const line = {
        time: new Date().toISOString(),
        level: lineLevel,
        message,
        ...base,
        ...rest,
        ...(error === undefined ? {} : { error: describeError(error) }),
      };
      write(`${JSON.stringify(line)}\n`);
    },
  };
}

/** An error as fields; JSON alone would print an Error as `{}`. */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: "NonError", message: String(error) };
  const code = (error as NodeJS.ErrnoException).code;
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
