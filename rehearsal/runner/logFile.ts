import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Where an action of an execution logs: each attempt into a file of its own, since what the first one said explains the second.
 * @param folder of the execution's logs.
 * @param name of the action.
 */
export function logFileFor(folder: string, name: string): string {
  for (let attempt = 1; ; attempt++) {
    const file = join(folder, attempt === 1 ? `${name}.log` : `${name}.${attempt}.log`);
    if (!existsSync(file)) return file;
  }
}
