import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "./clock";
import { isNamed } from "./errors";
import { annotate, type Annotated } from "./ledger/annotate";
import type {
  DeploymentEvent,
  DeploymentRecord,
  LedgerEvent,
  LedgerView,
  LockRecord,
} from "./ledger/events";
import { applyEvent, foldEvents, isTold } from "./ledger/fold";
import { eventItem } from "./ledger/items";
import type { NewNote } from "./ledger/notes";
import * as reading from "./ledger/recent";
import {
  beingConcluded,
  contended,
  eventsMissing,
  keptOut,
  ledgerMissing,
  lockedByAnother,
  lockedForAnotherRelease,
  lockLost,
  overtaken,
  refuseLockedMeanwhile,
} from "./ledger/refusals";
import {
  afterthoughtEvent,
  beginningEvent,
  endingEvent,
  isMadeAgain,
  isSame,
  supersededEvent,
  type Afterthought,
  type Beginning,
  type Ending,
  type EndingEvent,
  type Progress,
} from "./ledger/requests";
import { isTaken, LedgerStore } from "./ledger/store";

export type * from "./ledger/events";
export type * from "./ledger/notes";
export type { Annotated } from "./ledger/annotate";
export type { LedgerPast, LedgerPeriod } from "./ledger/recent";
export { LockLostError } from "./ledger/refusals";
export type { Afterthought, Beginning, Ending, Progress } from "./ledger/requests";

/** How often a write is tried that others make impossible by writing at the same moment. */
const attempts = 5;
const pauseMs = 1_000;

/**
 * The deployments of an environment and the lock that lets one run at a time, in one table. Events are only ever
 * added. Every method may be repeated after a kill at any point: what is there already is not written again.
 */
export class Ledger {
  private readonly store: LedgerStore;

  /** @param stack of the environment, for the commands that messages name. */
  constructor(
    client: DynamoDBClient,
    table: string,
    private readonly clock: Clock,
    private readonly stack: string,
  ) {
    this.store = new LedgerStore(client, table);
  }

  /**
   * The newest deployments, the lock, and what was noted about the environment: two calls for the newest twenty.
   * @param limit how many deployments; `Infinity` reads them all, in pages.
   * @throws DeliveryError where there is no ledger.
   */
  recent(limit = 20): Promise<LedgerView> {
    return this.asked(() => reading.readRecent(this.store, limit));
  }

  /** The same by one call, for whom the lock does not matter. */
  past(limit = 20): Promise<reading.LedgerPast> {
    return this.asked(() => reading.readPast(this.store, limit));
  }

  /**
   * The deployments since a time, with what was noted about the environment.
   * @throws DeliveryError where there is no ledger.
   */
  since(time: Date): Promise<reading.LedgerPeriod> {
    return this.asked(() => reading.readSince(this.store, time));
  }

  /**
   * Begins a deployment and locks the environment for it, in one step. A rerun of its owner takes up what it has begun, also where that
   * has ended well, but for a restart: then it is made again under its number and ends as it did. In the place of one that is held it
   * takes that one's lock, so that the environment is never free in between.
   * @param latest what `recent` said: the number follows from it, and so may what the caller decided by it.
   * @throws DeliveryError where another has the lock, or deployed since, where what is to be superseded is being concluded, where a new
   * release is to be deployed and somebody holds the environment, or where that sleeps. Nothing is written then.
   */
  begin(beginning: Beginning, latest: LedgerView): Promise<DeploymentRecord> {
    return this.asked(async () => {
      const over = beginning.supersedes;
      if (latest.lock && latest.lock.number !== over?.number) {
        return this.reenter(beginning, latest.lock, latest.records);
      }
      const newest = latest.records.at(0);
      const made = newest && isMadeAgain(newest, beginning) ? newest : undefined;
      const number = made?.number ?? Math.max(newest?.number ?? 0, beginning.after ?? 0) + 1;
      return this.beginAs(number, beginning, latest.records, made);
    });
  }

  /** Notes what happened while the deployment is made. @returns the deployment with it. */
  note(record: DeploymentRecord, progress: Progress): Promise<DeploymentRecord> {
    return this.asked(() => this.append(record, progress));
  }

  /**
   * Ends a deployment and frees the lock, in one step.
   * @throws DeliveryError where it deployed without holding the lock to the end; its end is recorded all the same.
   */
  end(record: DeploymentRecord, ending: Ending): Promise<DeploymentRecord> {
    return this.asked(() => this.close(record, endingEvent(ending)));
  }

  /** Notes what came out about a deployment after its end. */
  mark(record: DeploymentRecord, afterthought: Afterthought): Promise<DeploymentRecord> {
    return this.asked(() => this.append(record, afterthoughtEvent(afterthought)));
  }

  /**
   * Notes something about the environment, beside its deployments: see {@link NewNote}. What is noted already is not noted again.
   * @param latest what `recent` said.
   * @returns what stood before, and what does now: the same where there was nothing to note.
   */
  annotate(note: NewNote, latest: LedgerView): Promise<Annotated> {
    return this.asked(() =>
      annotate(this.store, { note, latest, clock: this.clock, stack: this.stack }),
    );
  }

  /**
   * Takes the lock away, for good, and records who did. A deployment that was in progress, or held, counts as failed.
   * @param actor who does it.
   * @param seen the lock that they mean: another is refused by a DeliveryError. Default: whatever is there.
   * @returns the lock that was there.
   */
  unlock(actor: string, seen?: LockRecord): Promise<LockRecord | undefined> {
    return this.asked(async () => {
      const lock = await this.store.lock();
      if (!lock) return undefined;
      if (seen) refuseLockedMeanwhile(this.stack, lock, seen);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const record = foldEvents(await this.store.eventsOf(lock.number));
        // A lock of no deployment, which only a hand in the table can have made.
        if (!record) return (await this.store.deleteLock(lock)) ? lock : undefined;
        const told = this.placed(record, { event: "unlocked", actor });
        const refusals = await this.store.deleteLockAnd(lock, told);
        if (!refusals) return lock;
        // Its owner ended it in this moment.
        if (isTaken(refusals[0])) return undefined;
        await this.clock.sleep(pauseMs);
      }
      throw contended(this.stack, lock.number);
    });
  }

  /** @param made has ended well, and is made again under its number: the lock alone is written. */
  private async beginAs(
    number: number,
    beginning: Beginning,
    known: readonly DeploymentRecord[],
    made?: DeploymentRecord,
  ): Promise<DeploymentRecord> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const begun: LedgerEvent = {
        ...beginningEvent(beginning),
        number,
        sequence: 0,
        at: this.at(),
      };
      const { owner, release, kind, supersedes } = beginning;
      const lock = { number, owner, at: begun.at, releaseId: release.id };
      const over =
        supersedes && !made
          ? { lock: supersedes, ended: this.placed(supersedes, supersededEvent(beginning)) }
          : undefined;
      // Whoever has seen no hold may be about to meet one: what goes back is let in, and what is new is not.
      const refusals = await this.store.putLockAnd(
        lock,
        made ? undefined : begun,
        kind === "deploy",
        over,
      );
      if (!refusals) return made ?? this.folded(number, [begun]);
      const [ofLock, ofStanding, ofEvent] = refusals;
      if (isTaken(ofLock)) {
        return this.reenter(beginning, ofLock.lock ?? (await this.store.lock()), known);
      }
      if (!made && isTaken(ofEvent)) throw overtaken(this.stack, number);
      const kept = keptOut(this.stack, beginning, ofStanding.standing, this.clock.now());
      if (kept) throw kept;
      // Its own execution has told something of it: that it goes on, or is taken back.
      if (supersedes && isTaken(refusals[refusals.length - 1])) {
        throw beingConcluded(this.stack, supersedes);
      }
      await this.clock.sleep(pauseMs);
    }
    throw contended(this.stack, number);
  }

  /** What a lock that is there means for who wants to begin. */
  private async reenter(
    beginning: Beginning,
    lock: LockRecord | undefined,
    known: readonly DeploymentRecord[],
  ): Promise<DeploymentRecord> {
    if (!lock) throw overtaken(this.stack, (known.at(0)?.number ?? 0) + 1);
    const record = known.find(({ number }) => number === lock.number);
    if (lock.owner !== beginning.owner) {
      throw lockedByAnother(this.stack, lock, this.clock.now(), record);
    }
    const own = record ?? (await this.read(lock.number));
    if (!isSame(own, beginning)) {
      throw lockedForAnotherRelease(this.stack, lock, beginning.release.id);
    }
    return own;
  }

  private async append(given: DeploymentRecord, event: DeploymentEvent): Promise<DeploymentRecord> {
    let record = given;
    for (let attempt = 0; attempt < attempts && !isTold(record, event); attempt++) {
      const told = this.placed(record, event);
      if (await this.store.put(eventItem(told))) return applyEvent(record, told);
      record = await this.read(record.number);
    }
    if (!isTold(record, event)) throw contended(this.stack, record.number);
    return record;
  }

  private async close(given: DeploymentRecord, event: EndingEvent): Promise<DeploymentRecord> {
    let record = given;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (isTold(record, event)) {
        await this.store.deleteLock(record);
        return record;
      }
      const told = this.placed(record, event);
      const refusals = await this.store.deleteLockAnd(record, told);
      if (!refusals) return applyEvent(record, told);
      const [ofLock, ofEvent] = refusals;
      if (isTaken(ofLock) && !isTaken(ofEvent)) return this.closeUnlocked(record, event);
      if (!isTaken(ofEvent)) await this.clock.sleep(pauseMs);
      record = await this.read(record.number);
    }
    throw contended(this.stack, record.number);
  }

  /** The end of a deployment whose lock somebody took away: recorded, but not passed over. */
  private async closeUnlocked(
    record: DeploymentRecord,
    event: EndingEvent,
  ): Promise<DeploymentRecord> {
    const current = await this.read(record.number);
    if (isTold(current, event)) return current;
    const ended = await this.append(current, event);
    if (event.event === "failed") return ended;
    throw lockLost(this.stack, record, await this.store.lock());
  }

  private async read(number: number): Promise<DeploymentRecord> {
    return this.folded(number, await this.store.eventsOf(number));
  }

  private folded(number: number, events: readonly LedgerEvent[]): DeploymentRecord {
    const record = foldEvents(events);
    if (record) return record;
    throw eventsMissing(this.stack, this.store.table, number);
  }

  private placed(record: DeploymentRecord, event: DeploymentEvent): LedgerEvent {
    return { ...event, number: record.number, sequence: record.history.length, at: this.at() };
  }

  private at(): string {
    return this.clock.now().toISOString();
  }

  private async asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isNamed(error, "ResourceNotFoundException")) throw error;
      throw ledgerMissing(this.stack, this.store.table, error);
    }
  }
}
