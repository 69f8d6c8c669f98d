import type { Clock } from "../../delivery/clock";

/**
 * How often FilterLogEvents is asked. An account and region may ask five times a second ("CloudWatch Logs quotas", CloudWatch Logs
 * user guide), and others ask as well.
 */
const perSecond = 4;

/** Has calls wait for their turn, so that no second has more of them than it may. */
export class Pace {
  private readonly begun: number[] = [];

  constructor(private readonly clock: Clock) {}

  async turn(): Promise<void> {
    const now = this.clock.now().getTime();
    const before = this.begun.length < perSecond ? undefined : this.begun.shift();
    const at = Math.max(now, (before ?? -Infinity) + 1000);
    this.begun.push(at);
    if (at > now) await this.clock.sleep(at - now);
  }
}
