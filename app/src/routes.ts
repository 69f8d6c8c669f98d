import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { preferredMediaType } from "./accept";
import type { Config } from "./config";
import { pageContentSecurityPolicy, renderPage, type ServiceSummary } from "./page";

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

export type Handler = (request: RouteRequest) => Reply | Promise<Reply>;

/** Path -> method -> handler. HEAD is answered by GET's handler without the body. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

/** What changes while the process lives. */
export interface ServiceState {
  draining: boolean;
  readonly startedAt: Date;
}

export const healthPath = "/health";

export function createRoutes(
  config: Pick<Config, "serviceName" | "commit">,
  state: ServiceState,
): Routes {
  const version = {
    commit: config.commit,
    startedAt: state.startedAt.toISOString(),
  };
  const summary: ServiceSummary = {
    service: config.serviceName,
    ...version,
    links: { health: healthPath, version: "/version" },
  };

  return {
    "/": {
      GET: ({ headers }) => {
        const mediaType = preferredMediaType(headers.accept, ["application/json", "text/html"]);
        const reply = mediaType === "text/html" ? html(renderPage(summary)) : json(200, summary);
        return { ...reply, headers: { ...reply.headers, Vary: "Accept" } };
      },
    },
    [healthPath]: {
      // Says only whether this process can serve. A check of a database here would have ECS replace
      // every task when the database is slow, which helps nobody.
      GET: () => (state.draining ? json(503, { status: "draining" }) : json(200, { status: "ok" })),
    },
    "/version": {
      GET: () => json(200, version),
    },
  };
}

/** Finds the handler of a request; a path or method that has none gets one that says so. */
export function findHandler(routes: Routes, method: string, path: string): Handler {
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (methods === undefined) {
    return (request) => errorReply(404, "not_found", `There is nothing at ${path}.`, request);
  }
  const name = method === "HEAD" ? "GET" : method;
  const handler = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (handler !== undefined) return handler;
  const allowed = Object.keys(methods).flatMap((each) => (each === "GET" ? ["GET", "HEAD"] : each));
  const message = `${path} does not allow ${method}, only ${allowed.join(" and ")}.`;
  return (request) => {
    const reply = errorReply(405, "method_not_allowed", message, request);
    return { ...reply, headers: { ...reply.headers, Allow: allowed.join(", ") } };
  };
}

/** Every error has this one shape; the request id is what finds its log line. */
export function errorReply(
  status: number,
  code: string,
  message: string,
  { requestId }: Pick<RouteRequest, "requestId">,
): Reply {
  return json(status, { error: { status, code, message, requestId } });
}

export function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: `${JSON.stringify(value)}\n`,
  };
}

export function html(body: string): Reply {
  return {
    status: 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": pageContentSecurityPolicy,
    },
    body,
  };
}
