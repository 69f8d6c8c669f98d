import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../../local/engine/lock";

/** Run as a process of its own by the lock's tests: lockHolder.ts LOCK JOURNAL NAME MILLISECONDS */
async function main([lock, journal, name, milliseconds]: string[]): Promise<void> {
  const log = (line: string) => appendFileSync(journal, `${name} says ${line}\n`);
  await withLock(
    lock,
    log,
    async () => {
      appendFileSync(journal, `${name} begins\n`);
      await sleep(Number(milliseconds));
      appendFileSync(journal, `${name} ends\n`);
    },
    { pollMs: 20 },
  );
}

void main(process.argv.slice(2));
