import { InvalidArgumentError } from "commander";

/** A whole number that is not negative. */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number.");
}

/** How many, where none would be nothing. */
export function positiveNumber(text: string): number {
  if (Number(text) > 0) return wholeNumber(text);
  throw new InvalidArgumentError("Give a whole number, 1 or more.");
}

/** A reason in one line, as tables and messages have it; blanks alone are none. */
export function reasonText(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
