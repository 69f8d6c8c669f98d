import { opensByTime } from "../../../contract/deploymentWindows";
import type { DeployRetry } from "../../../delivery/gates/retry";
import type { Target } from "../../../delivery/target";

/** What tries a stage again, in memory. */
export class FakeRetry {
  /** When it does so. Default: never. */
  at: string | undefined;
  /** Whether it is a person who deploys, and not the pipeline. */
  byHand = false;
  /** What AWS answers. Default: that it is done. */
  error: Error | undefined;

  portOf({ config: { pipeline } }: Pick<Target, "config">): DeployRetry | undefined {
    if (!pipeline || !opensByTime(pipeline)) return undefined;
    return {
      ...(this.byHand ? {} : { at: (moment) => this.set(moment.toISOString()) }),
      cancel: () => this.set(undefined),
    };
  }

  private set(at: string | undefined): Promise<void> {
    if (this.error) return Promise.reject(this.error);
    this.at = at;
    return Promise.resolve();
  }
}
