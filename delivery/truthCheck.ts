import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Release } from "../stacks/manifest";
import type { Clock } from "./clock";
import type { Target } from "./target";
export interface TruthCheckOptions {
  readonly ecs: ECSClient;
  readonly target: Target;
  readonly release: Release;
  readonly clock: Clock;
  /** Default: 120. */
  readonly timeoutSeconds?: number;
  readonly progress?: (line: string) => void;
}
export declare function truthCheck(options: TruthCheckOptions): Promise<void>;
