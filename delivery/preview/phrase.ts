/**
 * A sentence with values in it that come from config, code or AWS. They stay apart from its words, so that each output can
 * keep them from being read as anything else: what a pull request says must not become HTML, a link or a mention.
 */
export interface Phrase {
  readonly texts: readonly string[];
  /** One fewer than the texts, between which they stand. */
  readonly values: readonly string[];
}

/** A sentence, as a template: `` say`role ${name} may ${actions}` ``. Several values of one kind stand as a list. */
export function say(
  texts: TemplateStringsArray,
  ...values: readonly (string | readonly string[])[]
): Phrase {
  return { texts, values: values.map((value) => [value].flat().join(", ")) };
}

/** Sentences, or words of ours, in a row. */
export function joined(...parts: readonly (Phrase | string)[]): Phrase {
  return parts
    .map((part) => (typeof part === "string" ? { texts: [part], values: [] } : part))
    .reduce((before, after) => ({
      texts: [
        ...before.texts.slice(0, -1),
        `${before.texts.at(-1) ?? ""}${after.texts[0]}`,
        ...after.texts.slice(1),
      ],
      values: [...before.values, ...after.values],
    }));
}

/** The sentence, with what `words` makes of each value. */
export function told({ texts, values }: Phrase, words: (value: string) => string): string {
  return texts
    .map((text, index) => text + (index < values.length ? words(values[index]) : ""))
    .join("");
}
