import type { Release } from "../stacks/manifest";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import type { Target } from "./target";
/** `services.<s>.releaseCommand` of the config. */
export interface ReleaseCommand {
  readonly command: readonly string[];
  readonly timeoutMinutes: number;
}
export interface ReleaseCommandOptions {
  readonly clients: Pick<Clients, "ecs" | "ecr" | "logs">;
  readonly target: Target;
  readonly release: Release;
  /** As config calls it. */
  readonly service: string;
  readonly releaseCommand: ReleaseCommand;
  /** Of the deployment: a rerun of it adopts the task that an earlier run started. */
  readonly number: number;
  readonly clock: Clock;
  readonly progress?: (line: string) => void;
}
export declare function runReleaseCommand(options: ReleaseCommandOptions): Promise<void>;
