import { randomUUID } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import type { Logger, LogLevel } from "./log";
import { errorReply, findHandler, healthPath } from "./routes";
import type { Reply, Routes, ServiceState } from "./routes";

/**
 * Longer than the idle timeout of an Application Load Balancer (60 s unless set). Where the service
 * closes an idle connection first, a request that the load balancer sends at that moment is lost,
 * and its client gets a 502.
 */
export const keepAliveTimeoutMs = 65_000;

/** Must exceed the keep-alive timeout, or Node may end a connection on its next request's headers. */
export const headersTimeoutMs = keepAliveTimeoutMs + 1_000;

/** An HTTP server, not yet listening, that answers by the routes and logs one line per request. */
export function createServer(routes: Routes, state: ServiceState, logger: Logger): Server {
  const server = createHttpServer((request, response) => {
    // `respond` catches what a handler throws; what is left is a fault of this file.
    respond(request, response, routes, state, logger).catch((error: unknown) => {
      logger.log("error", "response failed", { error });
      response.destroy();
    });
  });
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = headersTimeoutMs;
  return server;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
  state: ServiceState,
  logger: Logger,
): Promise<void> {
  const startedAt = performance.now();
  const method = request.method ?? "GET";
  // The query stays out of the logs: that is where tokens and e-mail addresses travel.
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const requestId = requestIdOf(request.headers["x-amzn-trace-id"]);
  let failure: unknown;

  response.once("close", () => {
    const aborted = !response.writableFinished;
    // Node's 200 is only a default until headers are sent; 499 is how proxies name a client that left.
    const status = response.headersSent ? response.statusCode : 499;
    logger.log(levelOf(path, status), "request", {
      method,
      path,
      status,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      requestId,
      ...(aborted ? { aborted } : {}),
      ...(failure === undefined ? {} : { error: failure }),
    });
  });

  let reply: Reply;
  try {
    const handler = findHandler(routes, method, path);
    reply = await handler({ method, path, headers: request.headers, requestId });
  } catch (error) {
    failure = error;
    reply = errorReply(500, "internal_error", "The service failed; its log has the reason.", {
      requestId,
    });
  }
  response.writeHead(reply.status, {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...reply.headers,
    "Content-Length": Buffer.byteLength(reply.body),
    "X-Request-Id": requestId,
    // Tells the load balancer to take another connection for its next request.
    ...(state.draining ? { Connection: "close" } : {}),
  });
  response.end(method === "HEAD" ? undefined : reply.body);
}

/** Health checks come every few seconds from every zone: they would drown all other lines. */
function levelOf(path: string, status: number): LogLevel {
  if (path === healthPath) return "debug";
  return status >= 500 ? "error" : "info";
}

/**
 * The Root of the load balancer's trace header, so that its access log and ours can be joined. The
 * header can come from anyone, so only its documented form is taken; otherwise a new id.
 */
export function requestIdOf(traceHeader: string | string[] | undefined): string {
  const header = Array.isArray(traceHeader) ? traceHeader.join(";") : (traceHeader ?? "");
  const root = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i.exec(header)?.[1];
  return root ?? randomUUID();
}
