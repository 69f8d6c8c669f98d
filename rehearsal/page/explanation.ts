/** How the command line begins what it says of a failure; what is indented after it belongs to it. */
const beginning = /^gantry: /;
/** What CodeBuild itself adds to a log. */
const container = /^\[Container\] /;

/**
 * What a command said of its failure, from the last lines of a log: undefined where nothing there was said by ours, as
 * when a test fails.
 */
export function explanationOf(tail: readonly string[]): string | undefined {
  const begin = tail.findLastIndex((line) => beginning.test(line));
  if (begin < 0) return undefined;
  const rest = tail.slice(begin);
  const end = rest.findIndex((line) => container.test(line));
  const lines = end < 0 ? rest : rest.slice(0, end);
  return lines.join("\n").replace(beginning, "").trimEnd();
}
