import { isRecord } from "../../contract/record";
import type { Finding } from "./issues";
import type { Path } from "./path";

/**
 * Names that objects of JavaScript have for themselves. What config calls `__proto__` would be dropped without a word, and a
 * service that is called `constructor` found where there is none. Texts by such a name, as tags, are never looked up by it.
 */
export function keptByJavaScript(value: unknown, path: Path = []): Finding[] {
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => keptByJavaScript(each, [...path, index]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const at = [...path, key];
    const isKept = key === "__proto__" || (key === "constructor" && typeof each === "object");
    return isKept ? [finding(key, at)] : keptByJavaScript(each, at);
  });
}

function finding(key: string, path: Path): Finding {
  return {
    path,
    given: `${key}, a name that JavaScript keeps for itself`,
    allowed: "any other name",
    fix: `choose another name, such as ${key === "constructor" ? "builder" : "proto"}`,
  };
}
