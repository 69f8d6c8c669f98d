import type { Mood } from "../delivery/facts/state";

/** Codes of ECMA-48 (SGR): green, red, faint. */
const codes: Readonly<Record<Mood, number>> = { good: 32, bad: 31, quiet: 2 };

/** What colours are shown on. */
interface Output {
  readonly isTTY?: boolean;
}

/** Codes of colours that tell things apart and say nothing else: cyan, yellow, magenta, blue, and each of them bright. */
const hues = [36, 33, 35, 34, 96, 93, 95, 94] as const;

/** Colours on a terminal only, and none where `NO_COLOR` says so (no-color.org) or the terminal knows none. */
export function painter(
  output: Output = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): (mood: Mood, text: string) => string {
  return (mood, text) => (showsColours(output, env) ? coloured(codes[mood], text) : text);
}

/** Colours each of some names in its own way, where colours are shown. More than eight share some. */
export function huePainter(
  names: readonly string[],
  output: Output = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): (name: string, text: string) => string {
  if (!showsColours(output, env)) return (_, text) => text;
  const codeOf = new Map(names.map((name, index) => [name, hues[index % hues.length]]));
  return (name, text) => coloured(codeOf.get(name) ?? hues[0], text);
}

function showsColours({ isTTY }: Output, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

function coloured(code: number, text: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}
