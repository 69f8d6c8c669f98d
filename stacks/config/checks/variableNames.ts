import type { Report } from "../checks";
import { quote } from "../given";
import type { Path } from "../path";

interface Variables {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** Where a container sets some variables itself. */
export function setItself(
  { environment, secrets }: Variables,
  names: readonly string[],
): (readonly [field: keyof Variables, name: string])[] {
  const found = (field: keyof Variables, own: Variables[keyof Variables]) =>
    names.filter((name) => Object.hasOwn(own, name)).map((name) => [field, name] as const);
  return [...found("environment", environment), ...found("secrets", secrets)];
}

/** The names of a container's variables: each is one, in one of the two places. */
export function checkVariableNames(
  { environment, secrets }: Variables,
  at: (...rest: Path) => Path,
  report: Report,
): void {
  for (const [field, variables] of Object.entries({ environment, secrets })) {
    for (const name of Object.keys(variables)) {
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
      const fixed = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?=\d)/, "_");
      report({
        path: at(field, name),
        given: quote(name),
        allowed: "a variable's name: letters, digits and _, no digit first",
        fix: /[A-Za-z0-9]/.test(fixed) ? `call it ${fixed}` : "call it LOG_LEVEL or similar",
      });
    }
  }
  for (const name of Object.keys(secrets)) {
    if (!Object.hasOwn(environment, name)) continue;
    report({
      path: at("secrets", name),
      given: `${name}, in environment too`,
      allowed: "a variable in environment or in secrets, not in both",
      fix: `remove ${name} from one of them`,
      reads: [at("environment", name)],
    });
  }
}
