import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECSClient, Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Clock } from "../clock";
import { messageOf } from "../errors";
import type { Verdict } from "../steadyState/judge";
import { coloursOf } from "./colours";
import { judge, type Judgement } from "./judge";
import { answersOf, type Compared } from "./metrics";

export interface ComparisonOptions {
  readonly cloudwatch: CloudWatchClient;
  /** Services, as config calls them, of which the new tasks may be worse. Default: none. */
  readonly without?: readonly string[];
}

/** A deployment from which on requests go to new tasks. */
export interface ShiftBegun {
  readonly described: Service;
  readonly deployment: ServiceDeployment;
  readonly since: Date;
}

/** What is waited for, as far as it is compared. */
interface Watched {
  readonly service: string;
  readonly shift?: ShiftBegun;
}

/**
 * CloudWatch knows minutes, each some time after it is over: asked at four moments of a minute, it is heard at most so many
 * seconds late. Each metric of a call costs 0.00001 USD, and a service has ten.
 */
const pauseMs = 15_000;

/**
 * Compares the new tasks of services with the old ones for as long as both are there, and once more when the deployment has
 * ended. What cannot be compared is told, and fails nothing.
 */
export class Comparison {
  /** By service; a text where it cannot be compared. */
  private readonly compared = new Map<string, Compared | string>();
  private readonly judged = new Map<string, Judgement>();
  private readonly over = new Set<string>();
  private askedAt = -Infinity;

  constructor(
    private readonly ecs: ECSClient,
    private readonly clock: Clock,
    private readonly options: ComparisonOptions,
  ) {}

  /** Verdicts on services, with what comes out: one whose new tasks do worse has failed. */
  async heed<W extends Watched>(verdicts: ReadonlyMap<W, Verdict>): Promise<Map<W, Verdict>> {
    const shifting = [...verdicts].filter(
      ([watch, { state }]) => watch.shift && (state === "waiting" || state === "completed"),
    );
    for (const [watch] of shifting) await this.begin(watch);
    const ended = shifting.filter(([, { state }]) => state === "completed");
    const isDue = this.clock.now().getTime() - this.askedAt >= pauseMs;
    if (shifting.length > 0 && (isDue || ended.length > 0)) await this.ask();
    for (const [{ service }] of ended) this.over.add(service);
    return new Map([...verdicts].map(([watch, verdict]) => [watch, this.told(watch, verdict)]));
  }

  private async begin({ service, shift }: Watched): Promise<void> {
    if (!shift || this.compared.has(service)) return;
    if (this.options.without?.includes(service)) {
      this.compared.set(service, "config says that it is not (deployment.compare)");
      return;
    }
    try {
      const colours = await coloursOf(this.ecs, shift.described, shift.deployment);
      this.compared.set(
        service,
        colours ? { ...colours, since: shift.since } : "no load balancer counts its requests",
      );
    } catch (error) {
      this.compared.set(service, `ECS does not say where its requests go: ${messageOf(error)}`);
    }
  }

  private async ask(): Promise<void> {
    const now = this.clock.now();
    this.askedAt = now.getTime();
    const asked = [...this.compared].flatMap(([service, compared]) =>
      typeof compared === "string" || this.over.has(service) ? [] : [{ service, compared }],
    );
    if (asked.length === 0) return;
    try {
      const all = await answersOf(
        this.options.cloudwatch,
        asked.map(({ compared }) => compared),
        now,
      );
      asked.forEach(({ service }, index) => {
        this.judged.set(service, judge(all[index].old, all[index].now));
      });
    } catch (error) {
      const text = `not judged: CloudWatch could not be asked: ${messageOf(error)}`;
      for (const { service } of asked) this.judged.set(service, { result: "notJudged", text });
    }
  }

  private told({ service }: Watched, verdict: Verdict): Verdict {
    const compared = this.compared.get(service);
    if (compared === undefined || verdict.state === "held") return verdict;
    if (typeof compared === "string") {
      return { ...verdict, text: `${verdict.text}; not compared with the old tasks: ${compared}` };
    }
    const judgement = this.judged.get(service);
    if (!judgement || verdict.state === "failed") return verdict;
    if (judgement.result === "worse") return { state: "failed", text: judgement.text };
    const isLast = verdict.state === "completed" && judgement.result === "notJudged";
    const warning = isLast ? "WARNING: " : "";
    return { ...verdict, text: `${verdict.text}; ${warning}${judgement.text}` };
  }
}
