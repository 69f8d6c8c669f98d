import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { messageOf } from "../../delivery/errors";
import type { Access } from "../loadBalancer/loadBalancers";

/** How often the client asks: ten times a second. */
export const everyMs = 100;
/**
 * After which a client has lost its patience: later than load balancers lose theirs with a target (60 s), which is a failure of
 * the service, and sooner than browsers do. Firefox's `network.http.response.timeout` is 300 s.
 */
const patienceMs = 90_000;

/** What the client asks: an address of a service. */
export interface AskedService {
  /** As the stack file names it. */
  readonly service: string;
  /** Such as `http://127.0.0.1:40123/api`. */
  readonly url: string;
}

/** One request of the client. */
export interface Asked {
  readonly service: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  /** When the load balancer led it to a target; else as `at`. */
  readonly ledAt: number;
  /** Until it was answered, or was not. */
  readonly milliseconds: number;
  /** Null where no answer came, or not all of it. */
  readonly status: number | null;
  /** Why none came; or how an error of the server (5xx) begins, which may be the load balancer's own. */
  readonly error?: string;
  /** ARN of what the task runs that a load balancer led it to; null where it led it to none. */
  readonly taskDefinition: string | null;
}

/** Whose log says which target a request went to. */
export interface AccessLog {
  onAccess: (access: Access) => void;
}

/**
 * A user who asks services ten times a second in all, in turn, each time by a connection of its own. What answered is told by
 * the load balancer's log, not by the answer: so it is known of any product.
 */
export class Client {
  private readonly asked: Asked[] = [];
  /** By the ids of requests: where the load balancer led one, and when. */
  private readonly led = new Map<
    string,
    { readonly taskDefinition?: string; readonly at: number }
  >();
  /** Requests, with the service that each asks. */
  private readonly underWay = new Map<Promise<void>, string>();
  private readonly timer: NodeJS.Timeout;
  private turn = 0;

  private constructor(
    private services: readonly AskedService[],
    private readonly log: AccessLog,
  ) {
    log.onAccess = ({ traceId, target }) => {
      const { taskDefinition } = target.task ?? {};
      if (traceId) this.led.set(traceId, { taskDefinition, at: Date.now() });
    };
    this.timer = setInterval(() => this.next(), everyMs);
  }

  /** Begins to ask. */
  static start(services: readonly AskedService[], log: AccessLog): Client {
    return new Client(services, log);
  }

  /**
   * Asks no more, waits for the answers that are to come, and tells all requests in the order in which they were led somewhere:
   * on a busy machine one may overtake another on its way to the load balancer.
   */
  async stop(): Promise<readonly Asked[]> {
    clearInterval(this.timer);
    await Promise.all(this.underWay.keys());
    this.log.onAccess = () => undefined;
    return this.asked.sort((one, other) => one.ledAt - other.ledAt);
  }

  /** Asks a service no more, and waits for its answers that are to come. */
  async leave(service: string): Promise<void> {
    this.services = this.services.filter((one) => one.service !== service);
    const own = [...this.underWay].filter(([, asked]) => asked === service);
    await Promise.all(own.map(([asking]) => asking));
  }

  private next(): void {
    if (this.services.length === 0) return;
    const asked = this.services[this.turn++ % this.services.length];
    const asking = this.ask(asked);
    this.underWay.set(asking, asked.service);
    void asking.then(() => this.underWay.delete(asking));
  }

  private async ask({ service, url }: AskedService): Promise<void> {
    const at = Date.now();
    const traceId = traceIdAt(at);
    const told = await answerOf(url, traceId);
    const milliseconds = Date.now() - at;
    const { taskDefinition = null, at: ledAt = at } = this.led.get(traceId) ?? {};
    this.led.delete(traceId);
    this.asked.push({ service, at, ledAt, milliseconds, ...told, taskDefinition });
  }
}

/** As load balancers make them for whoever sends none. */
function traceIdAt(at: number): string {
  return `Root=1-${Math.floor(at / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
}

/** One request, by a connection of its own. @param traceId by which a load balancer's log tells of it. Default: none. */
export function answerOf(url: string, traceId?: string): Promise<Pick<Asked, "status" | "error">> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ status: null, error: messageOf(error) });
    const headers = traceId === undefined ? {} : { "X-Amzn-Trace-Id": traceId };
    const options = { agent: false, timeout: patienceMs, headers };
    const request = get(url, options, (response) => {
      const { statusCode: status = 0 } = response;
      let said = "";
      response
        .on("error", failed)
        .on("data", (chunk: Buffer) => {
          if (status >= 500 && said.length < toldCharacters) said += chunk.toString();
        })
        .on("end", () => resolve({ status, ...(said && { error: beginningOf(said) }) }));
    });
    request.on("error", failed);
    request.on("timeout", () => request.destroy(new Error(`no answer in ${patienceMs / 1000} s`)));
  });
}

/** Of an error of the server, in one line. */
const toldCharacters = 200;

/** Of a page in HTML its title. */
function beginningOf(said: string): string {
  const [, title = said] = /<title>(.*?)<\/title>/s.exec(said) ?? [];
  return title.replace(/\s+/g, " ").slice(0, toldCharacters).trim();
}
