/** Of what commands answer with `--json`: another one, where a program that reads the answer must change. */
export const jsonVersion = 1;

/** One of many objects, each in a line of its own, as they come. */
export function printJsonLine(answer: object): void {
  process.stdout.write(`${JSON.stringify({ version: jsonVersion, ...answer })}\n`);
}

/** The answer to a program, on the standard output. */
export function printJson(answer: object): void {
  const text = JSON.stringify({ version: jsonVersion, ...answer }, undefined, 2);
  process.stdout.write(`${text}\n`);
}
