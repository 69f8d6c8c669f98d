import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../../rehearsal/engine/lock";

/** Run as a process of its own by the lock's tests: lockHolder.ts LOCK JOURNAL NAME; works until JOURNAL.NAME exists. */
async function main([lock, journal, name]: string[]): Promise<void> {
  const log = (line: string) => appendFileSync(journal, `${name} says ${line}\n`);
  await withLock(
    lock,
    log,
    async () => {
      appendFileSync(journal, `${name} begins\n`);
      while (!existsSync(`${journal}.${name}`)) await sleep(10);
      appendFileSync(journal, `${name} ends\n`);
    },
    { pollMs: 20 },
  );
}

void main(process.argv.slice(2));
