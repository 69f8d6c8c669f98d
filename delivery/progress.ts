import { withoutSecrets } from "../stacks/config/secretValues";
import type { Clock } from "./clock";

export type Log = (line: string) => void;

/** What people at the build log read on the standard error, without what looks like a secret; the standard output is for results. */
export const toStandardError: Log = (line) =>
  void process.stderr.write(`${withoutSecrets(line)}\n`);

/** Says how far a command is: `deploy: lock ...`, then `deploy: lock: deployment 17 (0 s)`. */
export class Progress {
  constructor(
    /** The command, which every line begins with. */
    private readonly command: string,
    private readonly clock: Clock,
    private readonly log: Log = toStandardError,
  ) {}

  /**
   * Runs a step, saying when it starts and how it ended. A step that throws leaves that to the error.
   * @param outcome how it ended, where that is more than done.
   */
  async step<T>(
    name: string,
    work: (note: Log) => Promise<T>,
    outcome: (result: T) => string = () => "done",
  ): Promise<T> {
    const start = this.clock.now().getTime();
    this.log(`${this.command}: ${name} ...`);
    const result = await work((line) => this.note(`${name}: ${line}`));
    const seconds = Math.round((this.clock.now().getTime() - start) / 1000);
    this.note(`${name}: ${outcome(result)} (${seconds} s)`);
    return result;
  }

  note(line: string): void {
    this.log(`${this.command}: ${line}`);
  }
}
