/** Of what commands answer with `--json`: another one, where a program that reads the answer must change. */
export const jsonVersion = 1;

/** The answer to a program, on the standard output. */
export function printJson(answer: object): void {
  const text = JSON.stringify({ version: jsonVersion, ...answer }, undefined, 2);
  process.stdout.write(`${text}\n`);
}
