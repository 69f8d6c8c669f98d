/** What is written to. */
export interface Written {
  write(...args: unknown[]): boolean;
  readonly isTTY?: boolean;
}

export interface WaitingOptions {
  /** Where it turns. Default: this process's standard error, which is not for answers. */
  readonly screen?: Written;
  /** Whatever is written to one of them ends it. Default: this process's two. */
  readonly outputs?: readonly Written[];
  readonly env?: NodeJS.ProcessEnv;
  /** Before which nothing is shown, in milliseconds. Default: 400. */
  readonly delayMs?: number;
}

const frames = ["|", "/", "-", "\\"];
const turnMs = 120;
/** To the line's beginning, and what stands there goes (ECMA-48). */
const clear = "\r\u001b[K";

/**
 * Shows a person at a terminal that something is asked, until the first that is written, which it makes room for. Nothing is shown where
 * nobody looks: in a pipe, in CI, on a terminal that knows no codes.
 * @returns what ends it.
 */
export function showWaiting({
  screen = process.stderr,
  outputs = [process.stdout, process.stderr],
  env = process.env,
  delayMs = 400,
}: WaitingOptions = {}): () => void {
  if (!screen.isTTY || env.CI || env.TERM === "dumb") return () => undefined;
  const show = screen.write.bind(screen);
  const before = outputs.map((output) => ({ output, write: output.write.bind(output) }));
  let turns = 0;
  let next = setTimeout(turn, delayMs).unref();
  function turn(): void {
    show(`${clear}${frames[turns++ % frames.length]} asking AWS`);
    next = setTimeout(turn, turnMs).unref();
  }
  function end(): void {
    clearTimeout(next);
    for (const { output, write } of before.splice(0)) output.write = write;
    if (turns > 0) show(clear);
    turns = 0;
  }
  for (const { output, write } of before) {
    output.write = (...args) => {
      end();
      return write(...args);
    };
  }
  return end;
}
