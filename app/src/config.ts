import { isLogLevel, logLevels, type LogLevel } from "./log";

export interface Config {
  /** Name that the root page and the logs show. */
  readonly serviceName: string;
  /** TCP port; 0 takes a free one, which the "listening" log line tells. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Seconds after SIGTERM in which new requests are still answered. */
  readonly drainDelaySeconds: number;
  /** Seconds after the signal until the process ends by force. */
  readonly shutdownTimeoutSeconds: number;
  /** Commit that the image was built from. */
  readonly commit: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every fault of the configuration at once, so that nobody fixes them one deployment at a time. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault(s): ${faults.join("; ")}`);
  }
}

const unknown = "unknown";

const wholeNumbers = {
  PORT: { min: 0, max: 65_535, otherwise: 3000 },
  // ECS deregisters a target before it sends SIGTERM, except where it cannot wait: a Spot
  // interruption does both at once. The delay covers the seconds in which the load balancer has not
  // yet noticed.
  DRAIN_DELAY_SECONDS: { min: 0, max: 118, otherwise: 5 },
  // Must be less than the container's stopTimeout (ECS: 30 s unless set, 120 s at most), because at
  // that point comes SIGKILL, which leaves no log line and exit code 137.
  SHUTDOWN_TIMEOUT_SECONDS: { min: 1, max: 119, otherwise: 25 },
} as const;

/**
 * Reads the configuration from environment variables; an empty one counts as not set, since that is
 * what an image's build argument without a value becomes.
 *
 * @throws ConfigError with all faults.
 */
export function readConfig(environment: Environment): Config {
  const faults: string[] = [];
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;

  const readWholeNumber = (name: keyof typeof wholeNumbers): number => {
    const { min, max, otherwise } = wholeNumbers[name];
    const text = read(name);
    if (text === undefined) return otherwise;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    faults.push(
      `${name} is ${JSON.stringify(text)}, must be a whole number from ${min} to ${max} ` +
        `(default ${otherwise})`,
    );
    return otherwise;
  };

  const readLogLevel = (): LogLevel => {
    const text = read("LOG_LEVEL") ?? "info";
    if (isLogLevel(text)) return text;
    faults.push(
      `LOG_LEVEL is ${JSON.stringify(text)}, must be one of ${logLevels.join(", ")} (default info)`,
    );
    return "info";
  };

  const config: Config = {
    serviceName: read("SERVICE_NAME") ?? "web",
    port: readWholeNumber("PORT"),
    logLevel: readLogLevel(),
    drainDelaySeconds: readWholeNumber("DRAIN_DELAY_SECONDS"),
    shutdownTimeoutSeconds: readWholeNumber("SHUTDOWN_TIMEOUT_SECONDS"),
    commit: read("GANTRY_COMMIT") ?? unknown,
  };

  if (faults.length === 0 && config.drainDelaySeconds >= config.shutdownTimeoutSeconds) {
    faults.push(
      `DRAIN_DELAY_SECONDS is ${config.drainDelaySeconds}, must be less than ` +
        `SHUTDOWN_TIMEOUT_SECONDS (${config.shutdownTimeoutSeconds}), or no time is left to finish ` +
        "requests",
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}
