import { isRecord } from "../../contract/record";
import { isSecretReference } from "../../stacks/config/given";
import type { Path } from "../../stacks/config/path";
import { secretInVariable, secretsInWords, withoutSecrets } from "../../stacks/config/secretValues";

/** A value of config that is no object, or an empty one. */
export interface Setting {
  readonly path: Path;
  readonly value: unknown;
}

/** Each by its path; a list is one, since what moves in it would change all that follows. */
export function settingsOf(value: unknown, path: Path = []): Setting[] {
  if (isRecord(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) => settingsOf(inner, [...path, key]));
  }
  return value === undefined ? [] : [{ path, value }];
}

export const mask = "***";

/**
 * A value of config as people may see it: of what is encrypted or looks like a secret there are three stars. References to
 * secrets are none.
 * @param path where it stands, the top-level key first.
 * @param isWrong says of a path that nobody knows what stands there.
 */
export function maskedValue(
  value: unknown,
  path: Path,
  isWrong: (path: Path) => boolean = () => false,
): unknown {
  if (isWrong(path)) return mask;
  if (Array.isArray(value)) {
    const found = value.every((one) => typeof one === "string") ? secretsInWords(value) : [];
    return value.map((one: unknown, index) => {
      const masked = maskedValue(one, [...path, index], isWrong);
      return found[index] !== undefined && masked === one ? mask : masked;
    });
  }
  if (isRecord(value)) {
    const keys = Object.keys(value);
    if (keys.length === 1 && keys[0] === "secure") return mask;
    return Object.fromEntries(
      keys.map((key) => [key, maskedValue(value[key], [...path, key], isWrong)]),
    );
  }
  if (typeof value !== "string" && typeof value !== "number") return value;
  // `{ plain: ... }` says that the variable looks like a secret and is none; nobody can tell from here.
  const names = path.filter((part) => typeof part === "string" && part !== "plain");
  const name = String(names.at(-1));
  const isByName = !isSecretReference(path) && secretInVariable(name, String(value)) !== undefined;
  if (isByName) return mask;
  return typeof value === "string" ? withoutSecrets(value) : value;
}
