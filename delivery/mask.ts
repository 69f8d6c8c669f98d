/** Fewer characters are no secret worth the name, and stand in any text. */
const leastCharacters = 4;

/** In place of a secret. */
const mask = "***";

/**
 * Hands on a text by its lines, with secrets in it made unreadable: each line of one that has at least four characters. What a
 * program makes of a secret (in base64, or one character a line) is not known by it.
 * @param secrets none: what comes is handed on at once, as it is.
 */
export function maskedLines(
  secrets: readonly string[],
  handOn: (text: string) => void,
): { readonly write: (chunk: string) => void; readonly end: () => void } {
  const words = secrets
    .flatMap((secret) => secret.split(/[\r\n]+/))
    .map((word) => word.trim())
    .filter((word) => word.length >= leastCharacters)
    // One may be part of another.
    .sort((a, b) => b.length - a.length);
  if (words.length === 0) return { write: handOn, end: () => undefined };
  const masked = (text: string) => words.reduce((seen, word) => seen.replaceAll(word, mask), text);
  let rest = "";
  return {
    write: (chunk) => {
      const text = rest + chunk;
      const end = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1;
      rest = text.slice(end);
      if (end > 0) handOn(masked(text.slice(0, end)));
    },
    end: () => {
      if (rest !== "") handOn(masked(rest));
      rest = "";
    },
  };
}
