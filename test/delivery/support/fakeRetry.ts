import { triesAgain } from "../../../contract/deployRetry";
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
    if (!pipeline || !triesAgain(pipeline) || this.byHand) return undefined;
    return {
      at: (moment) => {
        if (this.error) return Promise.reject(this.error);
        this.at = moment.toISOString();
        return Promise.resolve();
      },
    };
  }
}
