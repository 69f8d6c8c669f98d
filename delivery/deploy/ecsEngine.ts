import type {
  DeliveryEngine,
  PlannedChange,
  PreviewOptions,
  StateView,
  UpOptions,
} from "../engine";

/**
 * Pulumi for environments whose pipeline deploys by CodePipeline's ECS action: the action registers revisions and updates
 * services behind Pulumi's back, so both are read back before every update. Task definitions track their newest revision
 * there (`trackLatest`), so what the action made is taken over, and nothing is registered twice.
 */
export class EcsEngine implements DeliveryEngine {
  constructor(private readonly pulumi: DeliveryEngine) {}

  preview(options: PreviewOptions): Promise<readonly PlannedChange[]> {
    return this.pulumi.preview(options);
  }

  state(): Promise<StateView> {
    return this.pulumi.state();
  }

  requireUnlocked(): Promise<void> {
    return this.pulumi.requireUnlocked();
  }

  up(options: UpOptions): Promise<void> {
    return this.pulumi.up({ ...options, refresh: true });
  }
}
