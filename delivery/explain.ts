import type { Clients } from "./clients";
import type { Target } from "./target";
export interface ExplainOptions {
  readonly clients: Pick<Clients, "ecs" | "logs" | "elb">;
  readonly target: Target;
  /** As config calls it. */
  readonly service: string;
  /** What happened before is left out. */
  readonly since: Date;
}
export declare function explainFailure(options: ExplainOptions): Promise<string[]>;
