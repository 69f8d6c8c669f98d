import { isRecord } from "../../contract/record";
import { conditionFaults, type Conditions } from "../../components/service/conditions";
import type { Fault } from "../config/fault";
import { describeGiven, quote } from "../config/given";
import { nearest } from "../config/nearest";

/** Keys of a statement that there are not: a slip would leave out what was meant to narrow it. */
export function unknownKeys(
  path: string,
  given: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Fault[] {
  return Object.keys(given)
    .filter((key) => !keys.includes(key))
    .map((key) => {
      const meant = nearest(key, keys);
      return {
        path: `${path}.${key}`,
        given: "an unknown key",
        allowed: keys.join(", "),
        fix: meant ? `did you mean ${meant}?` : `remove ${key}`,
      };
    });
}

/** What is wrong with the conditions of a grant, as far as they are known. */
export function grantConditionFaults(path: string, given: unknown): Fault[] {
  if (given === undefined) return [];
  if (!isRecord(given) || !Object.values(given).every(isRecord)) {
    const allowed = "{ operator: { key: value } }";
    return [{ path, given: describeGiven(["resources"], given), allowed, fix: `write ${allowed}` }];
  }
  return conditionFaults(path, given as Conditions).map((fault) => ({
    ...fault,
    given: typeof fault.given === "string" ? quote(fault.given) : "an empty list",
  }));
}
