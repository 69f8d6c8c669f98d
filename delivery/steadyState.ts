import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";
/** A service that shall come to run something. At least one of taskDefinitionArn and expectedImage is given. */
export interface ExpectedService {
  /** As config calls it. */
  readonly service: string;
  /** As ECS calls it. */
  readonly ecsName: string;
  readonly taskDefinitionArn?: string;
  /** `<repository>@<digest>`; the digests are compared. */
  readonly expectedImage?: string;
}
export interface SteadyStateOptions {
  readonly ecs: ECSClient;
  readonly cluster: string;
  readonly services: readonly ExpectedService[];
  readonly clock: Clock;
  /** Default: 900. */
  readonly timeoutSeconds?: number;
  readonly progress?: (line: string) => void;
}
/** Services did not come to run what they should. */
export class DeploymentFailure extends DeliveryError {
  constructor(
    message: string,
    /** The services that failed, as config calls them. */
    readonly services: readonly string[],
    details: readonly string[] = [],
  ) {
    super(message, details);
    this.name = "DeploymentFailure";
  }
}
export declare function waitForSteadyState(options: SteadyStateOptions): Promise<void>;
