import { once } from "node:events";
import { request, type Agent, type IncomingHttpHeaders, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { Handler } from "../../src/routes";
import { json } from "../../src/routes";

export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

/** One request; without an agent, on a connection of its own. */
export function send(port: number, path: string, options: SendOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port, path, agent: false, ...options },
      (incoming) => {
        text(incoming).then(
          (body) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }),
          reject,
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** A bare connection, for what an HTTP client would not let a test see. */
export async function openConnection(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

export interface HeldHandler {
  readonly handler: Handler;
  /** Fulfilled once a request is in flight. */
  readonly received: Promise<void>;
  release(): void;
}

/** A handler that answers when the test says so. */
export function holdHandler(): HeldHandler {
  let receive = (): void => undefined;
  let release = (): void => undefined;
  const received = new Promise<void>((resolve) => (receive = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    received,
    release: () => release(),
    handler: async () => {
      receive();
      await released;
      return json(200, { held: true });
    },
  };
}
