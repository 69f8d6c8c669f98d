import type { Release } from "../stacks/manifest";
import type { Clients } from "./clients";
import type { Target } from "./target";
/** What preflight asks of an image registry; `images/registry.ts` has it. */
export interface ImageInspector {
  inspect(
    reference: string,
  ): Promise<{ readonly digest: string; readonly architecture: string; readonly os: string }>;
}
export interface PreflightOptions {
  readonly target: Target;
  readonly release: Release;
  readonly clients: Pick<Clients, "ecs" | "ecr" | "ssm" | "secrets">;
  readonly registry: ImageInspector;
  /** Receives a line for what could not be looked at. */
  readonly progress?: (line: string) => void;
}
export declare function preflight(options: PreflightOptions): Promise<void>;
