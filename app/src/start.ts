import type { AddressInfo } from "node:net";
import { ConfigError, readConfig, type Config, type Environment } from "./config";
import { trackConnections } from "./connections";
import { createLogger, type Logger } from "./log";
import { createRoutes, type Routes, type ServiceState } from "./routes";
import { createServer } from "./server";
import { createShutdown } from "./shutdown";

/**
 * Runs the service in this process: configuration, server, signals.
 *
 * @param extraRoutes routes besides the service's own; without them it has only those.
 */
export function start(environment: Environment, extraRoutes: Routes = {}): void {
  const config = configOrExit(environment);
  if (config === undefined) return;
  const logger = createLogger(config.logLevel, { service: config.serviceName });
  exitOnUncaught(logger);

  const state: ServiceState = { draining: false, startedAt: new Date() };
  const server = createServer({ ...createRoutes(config, state), ...extraRoutes }, state, logger);
  const shutdown = createShutdown({
    server,
    connections: trackConnections(server),
    state,
    logger,
    drainDelaySeconds: config.drainDelaySeconds,
    shutdownTimeoutSeconds: config.shutdownTimeoutSeconds,
    exit: (code) => process.exit(code),
  });
  // A container's process 1 has no default action for signals: without these handlers the kernel
  // would drop SIGTERM, and every deployment would wait for SIGKILL.
  process.on("SIGTERM", shutdown);
  process.on("SIGINT", shutdown);

  server.on("error", (error: NodeJS.ErrnoException) => {
    const reason =
      error.code === "EADDRINUSE"
        ? `port ${config.port} is in use; set PORT to another one`
        : "the server failed";
    logger.log("error", reason, { error });
    process.exit(1);
  });
  server.listen(config.port, () => {
    const { port } = server.address() as AddressInfo;
    const { commit } = config;
    logger.log("info", "listening", { port, commit, node: process.version });
  });
}

function configOrExit(environment: Environment): Config | undefined {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    createLogger("error").log("error", "the configuration is invalid", { faults: error.faults });
    process.exitCode = 1;
    return undefined;
  }
}

/** After either of these the process is in an unknown state: log it as JSON, and let ECS replace it. */
function exitOnUncaught(logger: Logger): void {
  const exit = (message: string) => (error: unknown) => {
    logger.log("error", message, { error });
    process.exit(1);
  };
  process.on("uncaughtException", exit("uncaught exception"));
  process.on("unhandledRejection", exit("unhandled rejection"));
}
