import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../../../delivery/clock";

/** Somebody who works in a world, and may be killed. */
class Actor {
  isDead = false;
  /** Resolves when it is killed. */
  readonly killed: Promise<undefined>;
  private die: () => void = () => undefined;

  /** @param callsLeft until it is killed. */
  constructor(private callsLeft: number) {
    this.killed = new Promise((resolve) => (this.die = () => resolve(undefined)));
  }

  /** Counts what it does: the last thing is done, and it never learns of it. */
  hasCalled(): void {
    this.callsLeft -= 1;
    if (this.callsLeft > 0) return;
    this.isDead = true;
    this.die();
  }
}

interface Parked {
  readonly actor: Actor | undefined;
  readonly at: number;
  readonly go: () => void;
}

const callMs = 20;
const never = new Promise<never>(() => undefined);

/**
 * Lets those who work in a world take turns, in an order that a number decides, and time pass when all of them wait. One that is
 * killed gets no turn any more: nothing that it was about to do happens.
 */
export class Schedule implements Clock {
  private time = Date.parse("2026-01-31T12:00:00Z");
  private parked: Parked[] = [];
  private readonly working = new Set<Actor>();
  private readonly who = new AsyncLocalStorage<Actor>();

  constructor(private seed: number) {}

  now(): Date {
    return new Date(this.time);
  }

  sleep(milliseconds: number): Promise<void> {
    return this.park(this.time + milliseconds);
  }

  /** Does something in a turn of its own. */
  async call<T>(effect: () => T | Promise<T>): Promise<T> {
    await this.park(this.time);
    const answer = await effect();
    const actor = this.who.getStore();
    actor?.hasCalled();
    return actor?.isDead ? never : answer;
  }

  /**
   * Has somebody work.
   * @param calls after which it is killed. Default: it is not.
   * @returns what came of it; undefined where it was killed.
   */
  async act<T>(work: () => Promise<T>, calls = Infinity): Promise<T | undefined> {
    const actor = new Actor(calls);
    this.working.add(actor);
    return Promise.race([this.who.run(actor, work), actor.killed]).finally(() =>
      this.working.delete(actor),
    );
  }

  /** Gives turns until a work has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    try {
      return await this.turns(work);
    } finally {
      // Node would go on tracking every promise of the process, at several times their cost.
      this.who.disable();
    }
  }

  private async turns<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = work.finally(() => (isOver = true));
    over.catch(() => undefined);
    for (let looks = 0; ; looks++) {
      await new Promise(setImmediate);
      if (isOver) return over;
      this.parked = this.parked.filter(({ actor }) => !actor?.isDead);
      if (looks > 1000) throw new Error("somebody waits for nobody");
      if (this.parked.length === 0 || !this.allWait) continue;
      looks = 0;
      this.next().go();
    }
  }

  /** Whether nobody is about to do something: to load a module takes longer than a look. */
  private get allWait(): boolean {
    return [...this.working].every((one) => this.parked.some(({ actor }) => actor === one));
  }

  private next(): Parked {
    // Everything takes some time.
    this.time = Math.max(this.time + callMs, Math.min(...this.parked.map(({ at }) => at)));
    const ready = this.parked.filter(({ at }) => at <= this.time);
    const next = ready[Math.floor(this.random() * ready.length)];
    this.parked.splice(this.parked.indexOf(next), 1);
    return next;
  }

  private park(at: number): Promise<void> {
    const actor = this.who.getStore();
    return new Promise((go) => void this.parked.push({ actor, at, go }));
  }

  /** Mulberry32: the same numbers for the same seed. */
  private random(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
