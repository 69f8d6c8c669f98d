import type { Mood } from "../delivery/facts/state";

/** Codes of ECMA-48 (SGR): green, red, faint. */
const codes: Readonly<Record<Mood, number>> = { good: 32, bad: 31, quiet: 2 };

/** What colours are shown on. */
interface Output {
  readonly isTTY?: boolean;
}

/** Colours on a terminal only, and none where `NO_COLOR` says so (no-color.org) or the terminal knows none. */
export function painter(
  output: Output = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): (mood: Mood, text: string) => string {
  const paints = output.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return (mood, text) => (paints ? `\u001b[${codes[mood]}m${text}\u001b[0m` : text);
}
