import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface Connections {
  /** Requests that have been received and not yet answered in full. */
  inFlight(): number;
  /** Closes connections without a request now, and every other one as soon as it has none. */
  closeWhenIdle(): void;
}

/**
 * Knows each connection of a server and its unanswered requests, and takes the place of the
 * server's own `closeIdleConnections()`, which `server.close()` calls and which does two things
 * that a service must not do (seen with Node 20). It cuts a long answer off, because it takes a
 * response for finished when its last part is handed over, not when it is sent. And it leaves out a
 * connection that never sent a request (a browser's spare one, a TCP health check), which then holds
 * the process until the timeout.
 */
export function trackConnections(server: Server): Connections {
  const requestsOf = new Map<Socket, number>();
  let closing = false;

  server.on("connection", (socket: Socket) => {
    requestsOf.set(socket, 0);
    socket.once("close", () => requestsOf.delete(socket));
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    requestsOf.set(socket, (requestsOf.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = (requestsOf.get(socket) ?? 1) - 1;
      // A response may close after its connection, which must not come back into the map.
      if (requestsOf.has(socket)) requestsOf.set(socket, left);
      if (closing && left === 0) socket.destroySoon();
    });
  });

  const closeWhenIdle = (): void => {
    closing = true;
    for (const [socket, requests] of requestsOf) if (requests === 0) socket.destroySoon();
  };
  server.closeIdleConnections = closeWhenIdle;

  return {
    inFlight: () => [...requestsOf.values()].reduce((sum, requests) => sum + requests, 0),
    closeWhenIdle,
  };
}
