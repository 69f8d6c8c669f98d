import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { messageOf } from "../../delivery/errors";
import type { Access } from "../loadBalancer/loadBalancers";

/** How often the client asks: ten times a second. */
export const everyMs = 100;
/** After which a client has lost its patience. */
const timeoutMs = 10_000;

/** What the client asks: an address of a service. */
export interface AskedService {
  /** As the stack file names it. */
  readonly service: string;
  /** Such as `http://127.0.0.1:40123/api`. */
  readonly url: string;
  /** Whether it is to be left in peace from now on. Default: never. */
  readonly leaves?: () => boolean;
}

/** One request of the client. */
export interface Asked {
  readonly service: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
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
  private readonly asked: { readonly asked: Asked; readonly ledAt: number }[] = [];
  /** By the ids of requests: where the load balancer led one, and when. */
  private readonly led = new Map<
    string,
    { readonly taskDefinition?: string; readonly at: number }
  >();
  private readonly underWay = new Set<Promise<void>>();
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
    await Promise.all(this.underWay);
    this.log.onAccess = () => undefined;
    return this.asked.sort((one, other) => one.ledAt - other.ledAt).map(({ asked }) => asked);
  }

  private next(): void {
    this.services = this.services.filter(({ leaves }) => !leaves?.());
    if (this.services.length === 0) return;
    const asking = this.ask(this.services[this.turn++ % this.services.length]);
    this.underWay.add(asking);
    void asking.then(() => this.underWay.delete(asking));
  }

  private async ask({ service, url }: AskedService): Promise<void> {
    const at = Date.now();
    const traceId = traceIdAt(at);
    const told = await answerOf(url, traceId);
    const milliseconds = Date.now() - at;
    const { taskDefinition = null, at: ledAt = at } = this.led.get(traceId) ?? {};
    this.led.delete(traceId);
    this.asked.push({ asked: { service, at, milliseconds, ...told, taskDefinition }, ledAt });
  }
}

/** As load balancers make them for whoever sends none. */
function traceIdAt(at: number): string {
  return `Root=1-${Math.floor(at / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
}

function answerOf(url: string, traceId: string): Promise<Pick<Asked, "status" | "error">> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ status: null, error: messageOf(error) });
    const options = { agent: false, timeout: timeoutMs, headers: { "X-Amzn-Trace-Id": traceId } };
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
    request.on("timeout", () => request.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
  });
}

/** Of an error of the server, in one line. */
const toldCharacters = 200;

/** Of a page in HTML its title. */
function beginningOf(said: string): string {
  const [, title = said] = /<title>(.*?)<\/title>/s.exec(said) ?? [];
  return title.replace(/\s+/g, " ").slice(0, toldCharacters).trim();
}
