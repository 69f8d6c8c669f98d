import { buildMinutes, totalMinutes } from "../contract/times";
import { timeoutMinutesOf } from "../delivery/deadline";

/** How a command is ended from outside of its own course. */
export interface Ending {
  readonly tell: (line: string) => void;
  readonly exit: (code: number) => void;
}

const ofProcess: Ending = {
  tell: (line) => void process.stderr.write(line),
  exit: (code) => process.exit(code),
};

/**
 * Ends the process where a command has not come to its end in time, before CodeBuild does: what its parts wait for is
 * bounded, so this is for what nobody has thought of. What it started ends with it.
 * @param failed the exit code.
 * @param totalMs default: what the action has, or where a person calls it the longest that any has.
 * @returns what is to be called when the command has ended.
 * @throws DeliveryError where the environment's time-out is none.
 */
export function endInTime(
  failed: number,
  totalMs = totalMinutes(timeoutMinutesOf() ?? buildMinutes.most) * 60_000,
  { tell, exit }: Ending = ofProcess,
): () => void {
  const timer = setTimeout(() => {
    tell(
      `gantry: this took longer than ${Math.round(totalMs / 60_000)} min and was ended. Run the same again: it takes up ` +
        "what is half-made. Where a deployment was begun, gantry status says who holds its lock, and gantry unlock clears it\n",
    );
    exit(failed);
  }, totalMs);
  timer.unref();
  return () => clearTimeout(timer);
}
