import type { Clock } from "../../../delivery/clock";

/** Time that passes only by sleeping, and then at once. */
export class FakeClock implements Clock {
  /** What was slept, in milliseconds. */
  readonly sleeps: number[] = [];
  #now: number;

  /** @param start default: the machine's time, beside which what the emulator stamps can be put. */
  constructor(start = new Date()) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds);
    this.#now += milliseconds;
    return Promise.resolve();
  }

  /** Seconds slept in all. */
  get slept(): number {
    return this.sleeps.reduce((sum, milliseconds) => sum + milliseconds, 0) / 1000;
  }
}
