import type { LedgerEvent, LedgerView } from "./events";
import { begunIn, foldAll } from "./fold";
import { withSleepNoted, type LedgerNote } from "./notes";
import type { LedgerStore, Page } from "./store";

/** More events than a deployment ever has: one query reads the newest twenty at once. */
const eventsPerDeployment = 8;

/**
 * The newest deployments, the lock, and what was noted about the environment. The lock is read first: a deployment that
 * begins in between is among the events then, and its lock is met where something is written.
 * @param limit how many deployments; `Infinity` reads them all, in pages.
 */
export async function readRecent(store: LedgerStore, limit: number): Promise<LedgerView> {
  const lock = await store.lock();
  return { ...(await read(store, limit)).view, lock };
}

/** What was done, whoever has the lock now. */
export type LedgerPast = Omit<LedgerView, "lock">;

/** {@link readRecent} without the lock, which is a call of its own. */
export async function readPast(store: LedgerStore, limit: number): Promise<LedgerPast> {
  return (await read(store, limit)).view;
}

/** What the ledger says since a time, and of deployments that were begun before it as many as were read with them. */
export interface LedgerPeriod extends LedgerView {
  /** Whether these are all deployments that there ever were. */
  readonly isWhole: boolean;
}

/** The deployments that were begun since a time, in pages of a megabyte: several hundred deployments. */
export async function readSince(store: LedgerStore, since: Date): Promise<LedgerPeriod> {
  const lock = await store.lock();
  const { view, isWhole } = await read(store, Infinity, since.toISOString());
  return { ...view, lock, isWhole };
}

async function read(
  store: LedgerStore,
  limit: number,
  since = "",
): Promise<{ readonly view: LedgerPast; readonly isWhole: boolean }> {
  const events: LedgerEvent[] = [];
  const notes: LedgerNote[] = [];
  // What the notes come to stands before them all.
  const size = Number.isFinite(limit) ? 2 + limit * eventsPerDeployment : undefined;
  const first = await store.page(size, undefined);
  let page: Page | undefined = first;
  let isWhole = false;
  while (page) {
    events.push(...page.events);
    notes.push(...page.notes);
    isWhole = page.next === undefined;
    const isMore: boolean = !isWhole && begunIn(events) < limit && !isBegunBefore(events, since);
    page = isMore ? await store.page(size, page.next) : undefined;
  }
  const records = foldAll(events).slice(0, limit);
  const oldest = records.length < limit ? 0 : records[records.length - 1].number;
  // What was noted before the oldest of them is no part of it.
  const noted = notes.filter(({ number }) => number >= oldest);
  const { standing } = first;
  const view: LedgerPast = {
    records,
    ...(standing ? { standing: withSleepNoted(standing, noted) } : {}),
    ...(noted.length > 0 ? { notes: noted } : {}),
  };
  return { view, isWhole };
}

/** Whether the oldest of the beginnings among the events is before a time. */
function isBegunBefore(events: readonly LedgerEvent[], since: string): boolean {
  return events.some(({ event, at }) => event === "begun" && at < since);
}
