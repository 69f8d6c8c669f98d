import { randomBytes } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { RoutedRequest } from "./conditions";
import type { Decision, Entrance } from "./rules";

/** What a load balancer answers by itself. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** @throws Error for a decision by which a target answers. */
export function reply(decision: Decision): Reply {
  const server = { Server: "awselb/2.0" };
  if (decision.kind === "redirect") {
    const headers = { ...server, Location: decision.location };
    return { status: decision.status, headers, body: "" };
  }
  if (decision.kind === "answer") {
    const { status, contentType, body } = decision;
    return { status, headers: { ...server, "Content-Type": contentType }, body };
  }
  throw new Error("a target answers, not the load balancer");
}

/** A request as the rules of a listener see it. */
export function routed(request: IncomingMessage): RoutedRequest & { readonly rawQuery: string } {
  const [path, rawQuery] = splitOnce(request.url ?? "/", "?");
  const host = request.headers.host ?? "";
  return {
    method: request.method ?? "GET",
    host: host.replace(/:\d+$/, ""),
    path,
    rawQuery,
    query: [...new URLSearchParams(rawQuery)],
    headers: { ...(request.headersDistinct as Record<string, string[]>), host: [host] },
    sourceIp: request.socket.remoteAddress ?? loopback,
  };
}

/** Whose connection comes through a socket file: this machine's. */
const loopback = "127.0.0.1";

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + at.length)];
}

/**
 * Adds the headers that load balancers add.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function addForwarded(request: IncomingMessage, { protocol, port }: Entrance): void {
  const { headers, socket } = request;
  const before = headers["x-forwarded-for"];
  const client = (socket.remoteAddress ?? loopback).replace(/^::ffff:/, "");
  headers["x-forwarded-for"] = before === undefined ? client : `${String(before)}, ${client}`;
  headers["x-forwarded-proto"] = protocol.toLowerCase();
  headers["x-forwarded-port"] = String(port);
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  headers["x-amzn-trace-id"] ??= `Root=1-${seconds}-${randomBytes(12).toString("hex")}`;
}
