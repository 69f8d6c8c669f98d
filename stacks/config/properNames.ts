import { allowedName, plain, plainName } from "./environment";
import { quote } from "./given";

/** The longest names of services, of sidecars and of what services use: physical names and identifiers are made of them. */
const longestName = 20;

interface NameFault {
  readonly name: string;
  readonly given: string;
  readonly allowed: string;
  readonly fix: string;
}

/**
 * What is wrong with names of one kind, each with a name that nothing else has or was told to have.
 * @param example for what has no letter.
 */
export function nameFaults(names: Iterable<string>, example: string): NameFault[] {
  const all = [...names];
  const taken = new Set(all.filter(isProper));
  return all
    .filter((name) => !isProper(name))
    .map((name) => {
      const proper = free(plain(name), taken);
      if (isProper(proper)) taken.add(proper);
      return {
        name,
        given: quote(name),
        allowed: `${allowedName}, at most ${longestName}`,
        fix: isProper(proper)
          ? `call it ${proper}`
          : plainName.test(proper)
            ? `choose a name of at most ${longestName} characters`
            : `call it ${example}`,
      };
    });
}

/** Whether a name is what another one shall be called by: a reference to it needs no other fix than that one. */
export function isToldElsewhere(reference: string, names: Iterable<string>): boolean {
  return nameFaults(names, "").some(({ fix }) => fix === `call it ${reference}`);
}

function isProper(name: string): boolean {
  return plainName.test(name) && name.length <= longestName;
}

function free(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const found = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(found)) return found;
  }
}
