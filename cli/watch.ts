import { setTimeout as pause } from "node:timers/promises";
import { describeError } from "./describeError";

/** Where a screen is drawn. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
}

export interface WatchOptions {
  /** Default: this process's output. */
  readonly screen?: Screen;
  /** Between the end of one look and the next. Default: 5. */
  readonly seconds?: number;
  /** Ends it. Default: nothing does but Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** Codes of ECMA-48: to the first place of the screen, what is right of here goes, what is below goes, all of it goes. */
const [home, clearLine, clearBelow, clearAll] = ["\u001b[H", "\u001b[K", "\u001b[J", "\u001b[2J"];
const colours = new RegExp("\u001b\\[\\d+m", "g");

/**
 * Shows what a look finds in place of what the one before has found, until somebody ends it. A look that fails is told below what the last
 * good one found, and is repeated.
 * @throws what the first look throws.
 */
export async function watch(
  look: () => Promise<string>,
  { screen = process.stdout, seconds = 5, signal }: WatchOptions = {},
): Promise<void> {
  let found = await look();
  let failure = "";
  screen.write(clearAll);
  for (;;) {
    const text = failure === "" ? found : `${found}\n\n${failure}`;
    screen.write(frame(text, `every ${seconds} s, until Ctrl-C`, screen));
    try {
      await pause(seconds * 1000, undefined, { signal });
    } catch {
      return;
    }
    try {
      found = await look();
      failure = "";
    } catch (error) {
      failure = `what is above is of before, and is asked again: ${describeError(error)}`;
    }
  }
}

/**
 * A text over what stands on the screen. Each line is written over the one before, so that nothing is blank in between; what does not
 * fit is counted, since the screen would scroll, and the next frame begin in the middle.
 */
export function frame(
  text: string,
  foot: string,
  { rows = 24, columns = 80 }: Pick<Screen, "rows" | "columns">,
): string {
  const lines = text.split("\n");
  const height = (line: string) =>
    Math.max(1, Math.ceil(line.replace(colours, "").length / columns));
  // The last two are for what is below: a blank line, and the foot.
  let left = Math.max(1, rows - 2);
  const fitting = lines.findIndex((line) => (left -= height(line)) < 0);
  const shown = fitting < 0 ? lines : lines.slice(0, fitting);
  const more = lines.length - shown.length;
  const end = more > 0 ? `${more} more lines, in a higher window; ${foot}` : foot;
  const drawn = [...shown, "", end.slice(0, columns)].map((line) => `${line}${clearLine}`);
  return `${home}${drawn.join("\n")}${clearBelow}`;
}
