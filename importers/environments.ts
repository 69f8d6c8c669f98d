import { ImportError } from "./importError";

export const stacks = ["staging", "production"] as const;
export type Stack = (typeof stacks)[number];

/** Which environment each stack is made of; a stack without one says what holds for all. */
export type Chosen = Readonly<Record<Stack, string | undefined>>;

const namesOf: Readonly<Record<Stack, RegExp>> = {
  production: /^(?:prod|production|live|prd)$|^prod(?:uction)?[-_]|[-_]prod(?:uction)?$/i,
  staging:
    /^(?:staging|stage|stg|test|dev|development|qa|uat|beta)$|^(?:staging|test|dev)[-_]|[-_](?:staging|test|dev)$/i,
};

/** Of several that could be staging, the one that is called so. */
const surest: Readonly<Record<Stack, readonly string[]>> = {
  production: ["production", "prod"],
  staging: ["staging", "stage"],
};

/**
 * Chooses by name.
 * @param given by options, before any name.
 * @throws ImportError where several could be meant, or a given one is not there.
 */
export function chooseEnvironments(
  names: readonly string[],
  given: Partial<Record<Stack, string>>,
): Chosen {
  const list = names.length === 0 ? "none" : names.join(", ");
  const choose = (stack: Stack): string | undefined => {
    const wanted = given[stack];
    if (wanted !== undefined) {
      if (names.includes(wanted)) return wanted;
      throw new ImportError(
        `--${stack} ${wanted}: there is no such environment; there are: ${list}`,
      );
    }
    const other = stack === "staging" ? given.production : given.staging;
    const found = names.filter((name) => name !== other && namesOf[stack].test(name));
    const [sure] = surest[stack].filter((name) => found.includes(name));
    if (sure !== undefined || found.length < 2) return sure ?? found[0];
    throw new ImportError(
      `${found.join(" and ")} could both be ${stack}: say which, --${stack} ${found[0]}`,
    );
  };
  const chosen = { staging: choose("staging"), production: choose("production") };
  if (chosen.staging !== undefined && chosen.staging === chosen.production) {
    const name = chosen.staging;
    throw new ImportError(
      `${name} cannot be both staging and production: say which, --staging ${name} or --production ${name}`,
    );
  }
  if (names.length > 0 && chosen.staging === undefined && chosen.production === undefined) {
    throw new ImportError(
      `of the environments ${list} none is called as staging or production: say which, --staging ${names[0]} or --production ${names[0]}`,
    );
  }
  return chosen;
}
