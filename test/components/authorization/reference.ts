import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What AWS's Service Authorization Reference says; see the file's `source`. */
export interface Reference {
  readonly globalKeys: readonly string[];
  /** ARNs of a type of resource, by `<service>:<type>`. */
  readonly shapes: Readonly<Record<string, readonly string[]>>;
  readonly actions: Readonly<Record<string, ReferenceAction>>;
}

export interface ReferenceAction {
  /** None: it is granted on `*` alone. */
  readonly resources: readonly string[];
  readonly keys?: readonly string[];
}

export const reference = JSON.parse(
  readFileSync(join(__dirname, "serviceAuthorization.json"), "utf8"),
) as Reference;

/** Whether some ARN is of a shape, and matched by the resource of a statement as well. */
export function fits(resource: string, type: string): boolean {
  return reference.shapes[type].some((shape) =>
    meet(tokens(resource, "all"), tokens(shape, "parts")),
  );
}

interface Token {
  /** A character, or any number of those that `covers` has. */
  readonly text?: string;
  readonly covers: (character: string) => boolean;
}

/** `*` of a statement is any text; of a shape it is one part, and `**` may have slashes. */
function tokens(pattern: string, stars: "all" | "parts"): Token[] {
  return [...pattern.matchAll(/\*+|./gs)].map(([text]) => {
    if (!text.startsWith("*")) return { text, covers: (one) => one === text || text === "?" };
    if (stars === "all") return { covers: () => true };
    return { covers: (one) => one !== ":" && (text === "**" || one !== "/") };
  });
}

/** Whether there is a text that both patterns match. */
function meet(one: readonly Token[], other: readonly Token[]): boolean {
  const [first, second] = [one.at(0), other.at(0)];
  if (!first || !second) return [...one, ...other].every(({ text }) => text === undefined);
  if (first.text !== undefined && second.text !== undefined) {
    const isSame = first.covers(second.text) || second.covers(first.text);
    return isSame && meet(one.slice(1), other.slice(1));
  }
  if (first.text !== undefined) return meet(other, one);
  // A star ends here, or takes what the other has next.
  if (meet(one.slice(1), other)) return true;
  if (second.text === undefined) return meet(one, other.slice(1));
  return first.covers(second.text) && meet(one, other.slice(1));
}
