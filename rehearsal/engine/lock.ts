import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { duration, type Log } from "../progress";
import { isRunning } from "../../delivery/run";

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: number;
  readonly id: string;
}

export interface LockOptions {
  /** A holder that has not shown itself for so long is taken for dead (it shows itself three times as often). */
  readonly staleMs?: number;
  readonly pollMs?: number;
  /** How often the waiter says that it still waits. */
  readonly reportMs?: number;
}

/**
 * Runs `work` while no other process runs under the same lock file. A holder that was killed is found out by its process
 * id, or, where another machine or an unrelated process has that id, by the file's age: a living holder touches it.
 */
export async function withLock<T>(
  file: string,
  log: Log,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { staleMs = 30_000, pollMs = 200, reportMs = 10_000 } = options;
  await mkdir(dirname(file), { recursive: true });
  const self: Holder = { pid: process.pid, host: hostname(), since: Date.now(), id: randomUUID() };
  let reported = 0;
  while (!take(file, self)) {
    const holder = read(file);
    if (holder !== undefined && isDead(file, holder, staleMs)) {
      breakLock(file, holder, log, staleMs);
      continue;
    }
    if (holder !== undefined && Date.now() - reported >= reportMs) {
      reported = Date.now();
      const age = duration(Date.now() - holder.since);
      log(`engine: waiting for process ${holder.pid}, which has been building it for ${age} ...`);
    }
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(file), staleMs / 3);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (read(file)?.id === self.id) rmSync(file, { force: true });
  }
}

/** A lock is linked into place with its content, so that no one ever reads a half-written one. */
function take(file: string, self: Holder): boolean {
  const draft = `${file}.${self.id}`;
  writeFileSync(draft, JSON.stringify(self));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined; // released in the meantime
  }
}

function isDead(file: string, holder: Holder, staleMs: number): boolean {
  if (holder.host === hostname() && !isRunning(holder.pid)) return true;
  const age = ageOf(file);
  return age !== undefined && age > staleMs;
}

/**
 * Of several waiters only one may remove a dead holder's lock, and none the lock of a successor: the one that creates
 * the marker named after the holder, and that then still finds the holder's lock in place.
 */
function breakLock(file: string, holder: Holder, log: Log, staleMs: number): void {
  const marker = `${file}.broken-${holder.id}`;
  try {
    writeFileSync(marker, "", { flag: "wx" });
  } catch {
    // Another waiter is at it; should it have been killed right there, its marker must not stay for ever.
    if ((ageOf(marker) ?? 0) > staleMs) rmSync(marker, { force: true });
    return;
  }
  try {
    if (read(file)?.id !== holder.id) return;
    rmSync(file, { force: true });
    log(`engine: process ${holder.pid} was building it and is gone; taking over`);
  } finally {
    rmSync(marker, { force: true });
  }
}

function ageOf(file: string): number | undefined {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was deleted under us; the build will say so itself.
  }
}
