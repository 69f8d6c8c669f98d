import type { Server } from "node:http";
import type { Connections } from "./connections";
import type { Logger } from "./log";
import type { ServiceState } from "./routes";

export interface ShutdownOptions {
  readonly server: Server;
  readonly connections: Connections;
  readonly state: ServiceState;
  readonly logger: Logger;
  readonly drainDelaySeconds: number;
  readonly shutdownTimeoutSeconds: number;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

export type ShutdownSignal = "SIGTERM" | "SIGINT";

/**
 * Returns the handler of SIGTERM (ECS stops the task) and SIGINT (Ctrl-C):
 *
 * 1. Draining: `/health` answers 503 and every response closes its connection, but requests are
 *    still answered for the drain delay, because the load balancer may not know yet.
 * 2. Closed: no new connection, idle ones end, requests in flight are answered.
 * 3. Exit code 0 when the last connection is gone; 1 when the timeout comes first.
 *
 * The timeout counts from the signal, as ECS's stopTimeout does. A second signal ends at once.
 */
export function createShutdown(options: ShutdownOptions): (signal: ShutdownSignal) => void {
  const { server, connections, state, logger, exit } = options;
  let begun = false;

  const close = (): void => {
    server.close(() => {
      logger.log("info", "shutdown complete");
      exit(0);
    });
    connections.closeWhenIdle();
  };

  return (signal) => {
    if (begun) {
      logger.log("warn", "second signal, ending at once", {
        signal,
        inFlight: connections.inFlight(),
      });
      exit(1);
      return;
    }
    begun = true;
    state.draining = true;
    // A person at a terminal has no load balancer in front.
    const drainDelaySeconds = signal === "SIGINT" ? 0 : options.drainDelaySeconds;
    logger.log("info", "shutdown begun", {
      signal,
      drainDelaySeconds,
      shutdownTimeoutSeconds: options.shutdownTimeoutSeconds,
      inFlight: connections.inFlight(),
    });

    // Neither timer needs to keep the process alive: open connections and the listener do.
    setTimeout(() => {
      logger.log("error", "shutdown timed out, ending by force", {
        shutdownTimeoutSeconds: options.shutdownTimeoutSeconds,
        inFlight: connections.inFlight(),
      });
      exit(1);
    }, options.shutdownTimeoutSeconds * 1_000).unref();

    if (drainDelaySeconds === 0) close();
    else setTimeout(close, drainDelaySeconds * 1_000).unref();
  };
}
