import type { Clock } from "../../../delivery/clock";

/** A clock that passes by sleeping alone. */
export class FakeClock implements Clock {
  /** Every pause, in milliseconds. */
  readonly pauses: number[] = [];

  constructor(private time = Date.parse("2026-01-31T12:00:00Z")) {}

  now(): Date {
    return new Date(this.time);
  }

  sleep(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }
}
