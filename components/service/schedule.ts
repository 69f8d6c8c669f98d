/** When a service has how many tasks. */
export interface ScheduleArgs {
  /**
   * `cron(minutes hours day-of-month month day-of-week year)`, as `cron(0 20 ? * MON-FRI *)` ("Cron expressions
   * reference", EventBridge user guide).
   */
  readonly at: string;
  /** Tasks at least from then on. */
  readonly min: number;
  /** Tasks at most from then on; 0 with `min` 0 stops all. */
  readonly max: number;
  /** IANA name, as `Europe/Berlin`. Without it, UTC. */
  readonly timezone?: string;
}
