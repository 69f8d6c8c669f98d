import { withoutSecrets } from "../stacks/config/secretValues";

/** Of what commands answer with `--json`: another one, where a program that reads the answer must change. */
export const jsonVersion = 1;

/** One of many objects, each in a line of its own, as they come. */
export function printJsonLine(answer: object): void {
  process.stdout.write(`${textOf(answer)}\n`);
}

/** The answer to a program, on the standard output. */
export function printJson(answer: object): void {
  process.stdout.write(`${textOf(answer, 2)}\n`);
}

/** Each text of it has three stars for what looks like a secret, as what people read has. */
function textOf(answer: object, indent?: number): string {
  return JSON.stringify(
    { version: jsonVersion, ...answer },
    (_, value: unknown) => (typeof value === "string" ? withoutSecrets(value) : value),
    indent,
  );
}
