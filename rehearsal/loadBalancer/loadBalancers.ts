import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createProxyServer, type ServerOptions } from "http-proxy-3";
import { messageOf } from "../../delivery/errors";
import type { Connection } from "../runner/connection";
import { Listeners, servingOf, type PlayedRequest, type Target } from "./listeners";
import { addForwarded, reply, routed } from "./requests";
import { decide, page, unavailable, type Decision, type Entrance } from "./rules";

/** How long a target may be silent: the idle time-out that load balancers have by default. */
const idleTimeoutMs = 60_000;
const pollMs = 50;

/** A listener of a load balancer, as somebody comes to it. */
export interface Door extends Entrance {
  readonly loadBalancerArn: string;
  /** Stands in the place of the host header, where that would be this machine's address. Default: it stays. */
  readonly host?: string;
}

/** The URL of the program that stands for a target; undefined for one that has none. */
export type FindProgram = (target: Target) => Promise<string | undefined>;

/** Which target a request was led to: what an access log says of it, as far as somebody here asks. */
export interface Access {
  /** `X-Amzn-Trace-Id` as the client sent it; undefined where it sent none. */
  readonly traceId?: string;
  readonly target: Target;
}

/** The address of a program that has a request from then on. */
interface Claimed {
  readonly kind: "program";
  readonly url: string;
  readonly targetGroup: string;
}

/** A request on its way to a program. */
interface Underway extends Pick<PlayedRequest, "loadBalancer" | "targetGroup"> {
  readonly started: number;
}

/**
 * The emulator's load balancers on this machine: each request goes by the listener's rules and the targets' health, as they
 * are at that moment, to the program that stands for the target.
 */
export class LoadBalancers {
  /** Is told of each request for which there is a target, before that answers. Default: nobody is. */
  onAccess: (access: Access) => void = () => undefined;
  private readonly listeners: Listeners;
  private readonly proxy = createProxyServer({ xfwd: false, proxyTimeout: idleTimeoutMs });
  private readonly servers: Server[] = [];
  private readonly inFlight = new Map<string, number>();
  private readonly ending = new Set<string>();
  private readonly underway = new WeakMap<object, Underway>();
  private turn = 0;

  constructor(
    connection: Connection,
    private readonly find: FindProgram,
  ) {
    this.listeners = new Listeners(connection);
    // The proxy would let a client wait for the rest of what a program broke off.
    this.proxy.on("proxyRes", (answer, _, response) => {
      this.tell(response, { status: answer.statusCode ?? null, isConnected: true });
      answer.once("close", () => answer.complete || response.destroy());
    });
  }

  /**
   * The listener that a service's address means.
   * @param told the address on AWS, such as `https://shop.example.com/api`.
   * @param targetGroupArn a group of the load balancer that answers there.
   * @throws Error where the group has no load balancer.
   */
  async doorOf(told: string, targetGroupArn: string): Promise<Door & { readonly host: string }> {
    const url = new URL(told);
    const [loadBalancerArn] = await this.listeners.loadBalancersOf(targetGroupArn);
    if (loadBalancerArn === undefined) throw new Error(`no load balancer has ${targetGroupArn}`);
    const protocol = url.protocol === "https:" ? "HTTPS" : "HTTP";
    const port = Number(url.port || (protocol === "HTTPS" ? 443 : 80));
    return { loadBalancerArn, protocol, port, host: url.host };
  }

  /**
   * Opens a door: always HTTP, also where the listener's protocol is HTTPS.
   * @param at a port of the loopback interface, 0 for any that is free; or the file of a socket.
   * @returns the port; 0 for a socket.
   * @throws Error where somebody else listens there.
   */
  async open(door: Door, at: number | string): Promise<number> {
    const server = createServer();
    server.on("request", (request, response) => void this.answer(door, request, response));
    server.on("upgrade", (request, socket: Socket, head: Buffer) => {
      void this.upgrade(door, request, socket, head);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      if (typeof at === "number") server.listen(at, "127.0.0.1", resolve);
      else server.listen(at, resolve);
    });
    this.servers.push(server);
    return typeof at === "number" ? (server.address() as AddressInfo).port : 0;
  }

  /**
   * Sends a program no request any more, waits for those that it has, and ends it.
   * @param timeoutMs how long they may take.
   * @param stop how it ends; until then no request comes to its address.
   */
  async end(program: string, timeoutMs: number, stop: () => Promise<void>): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    this.ending.add(program);
    try {
      while ((this.inFlight.get(program) ?? 0) > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
      await stop();
    } finally {
      this.ending.delete(program);
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      this.servers.splice(0).map(async (server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }),
    );
  }

  private async answer(
    door: Door,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const decision = await this.decide(door, request);
    if (decision.kind !== "program") {
      const { status, headers, body } = reply(decision);
      response.writeHead(status, headers).end(body);
      return;
    }
    const started = Date.now();
    const { targetGroup } = decision;
    this.underway.set(response, { started, targetGroup, loadBalancer: door.loadBalancerArn });
    await this.counted(decision, response, () => {
      this.proxy.web(request, response, proxied(decision.url), (error) => {
        if (response.headersSent) return void response.destroy();
        this.tell(response, { status: null, isConnected: !isRefused(error) });
        const { status, headers, body } = reply(failure(started));
        response.writeHead(status, headers).end(body);
      });
    });
  }

  private async upgrade(
    door: Door,
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
  ): Promise<void> {
    // Whoever leaves in the middle is no fault of this process.
    socket.on("error", () => socket.destroy());
    const decision = await this.decide(door, request);
    if (decision.kind === "program") {
      await this.counted(decision, socket, () => {
        this.proxy.ws(request, socket, head, proxied(decision.url), () => socket.destroy());
      });
      return;
    }
    const { status, body } = reply(decision);
    socket.end(`HTTP/1.1 ${status} \r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** Has CloudWatch know how a request went. Nobody waits for it, and the emulator may have ended. */
  private tell(response: object, went: Pick<PlayedRequest, "status" | "isConnected">): void {
    const request = this.underway.get(response);
    if (!request) return;
    const { started, ...came } = request;
    const seconds = (Date.now() - started) / 1000;
    void this.listeners.played({ ...came, ...went, seconds }).catch(() => undefined);
  }

  /** Counts a request as one that the program has until its client's side is closed. */
  private async counted(
    { url }: Claimed,
    client: ServerResponse | Socket,
    work: () => void,
  ): Promise<void> {
    // A client that has left meanwhile closes no more.
    if (!client.destroyed) {
      const closed = new Promise<void>((resolve) => client.once("close", resolve));
      work();
      await closed;
    }
    this.count(url, -1);
  }

  private count(program: string, more: number): void {
    this.inFlight.set(program, (this.inFlight.get(program) ?? 0) + more);
  }

  /** The program that shall answer, with the headers made as it gets them; else what is answered. */
  private async decide(door: Door, request: IncomingMessage): Promise<Decision | Claimed> {
    try {
      if (door.host !== undefined) request.headers.host = door.host;
      for (;;) {
        const target = await this.targetOf(door, request);
        if ("kind" in target) return target;
        const url = await this.find(target);
        // Its target has left since the rules were asked: they lead elsewhere now.
        if (url !== undefined && this.ending.has(url)) continue;
        this.onAccess({ traceId: request.headersDistinct["x-amzn-trace-id"]?.[0], target });
        if (url === undefined) return page(502, "Bad Gateway");
        this.count(url, 1);
        addForwarded(request, door);
        return { kind: "program", url, targetGroup: target.targetGroupArn };
      }
    } catch (error) {
      return page(502, `Bad Gateway: ${messageOf(error).split("\n")[0]}`);
    }
  }

  /** One of the targets to which the rules lead a request, each in its turn; else what is answered. */
  private async targetOf(door: Door, request: IncomingMessage): Promise<Decision | Target> {
    const { listeners, targets } = await this.listeners.routes(door.loadBalancerArn);
    const { protocol, port } = door;
    const listener = listeners.find((one) => one.protocol === protocol && one.port === port);
    if (!listener) return unavailable;
    const decision = decide(listener.rules, routed(request), door);
    if (decision.kind !== "forward") return decision;
    const serving = servingOf(targets[decision.targetGroupArn] ?? []);
    return serving.length > 0 ? serving[this.turn++ % serving.length] : unavailable;
  }
}

function proxied(target: string): ServerOptions {
  // The name that was asked for is the target's to see.
  return { target, changeOrigin: false };
}

function isRefused(error: Error & { readonly code?: string }): boolean {
  return error.code === "ECONNREFUSED";
}

/** A target that does not answer in time is another fault than one that hangs up. */
function failure(started: number): Decision {
  return Date.now() - started >= idleTimeoutMs
    ? page(504, "Gateway Time-out")
    : page(502, "Bad Gateway");
}
