import type { LedgerEvent, LedgerView } from "./events";
import { begunIn, foldAll } from "./fold";
import type { LedgerNote } from "./notes";
import type { LedgerStore, Page } from "./store";

/** More events than a deployment ever has: one query reads the newest twenty at once. */
const eventsPerDeployment = 8;

/**
 * The newest deployments, the lock, and what was noted about the environment. The lock is read first: a deployment that
 * begins in between is among the events then, and its lock is met where something is written.
 * @param limit how many deployments; `Infinity` reads them all, in pages.
 */
export async function readRecent(store: LedgerStore, limit: number): Promise<LedgerView> {
  const events: LedgerEvent[] = [];
  const notes: LedgerNote[] = [];
  // What the notes come to stands before them all.
  const size = Number.isFinite(limit) ? 2 + limit * eventsPerDeployment : undefined;
  const lock = await store.lock();
  const first = await store.page(size, undefined);
  let page: Page | undefined = first;
  while (page) {
    events.push(...page.events);
    notes.push(...page.notes);
    const isMore: boolean = page.next !== undefined && begunIn(events) < limit;
    page = isMore ? await store.page(size, page.next) : undefined;
  }
  const records = foldAll(events).slice(0, limit);
  const oldest = records.length < limit ? 0 : records[records.length - 1].number;
  // What was noted before the oldest of them is no part of it.
  const since = notes.filter(({ number }) => number >= oldest);
  const { standing } = first;
  return {
    ...{ records, lock },
    ...(standing ? { standing } : {}),
    ...(since.length > 0 ? { notes: since } : {}),
  };
}
