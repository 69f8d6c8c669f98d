import { isRecord } from "../../contract/record";
import type { Finding } from "./issues";
import type { Path } from "./path";

/** The one name that objects of JavaScript cannot have as others: schemas drop it, with all that it has, and say nothing. */
const kept = "__proto__";

/** Where config calls something by it. */
export function keptByJavaScript(value: unknown, path: Path = []): Finding[] {
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => keptByJavaScript(each, [...path, index]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const at = [...path, key];
    return key === kept ? [finding(at)] : keptByJavaScript(each, at);
  });
}

function finding(path: Path): Finding {
  return {
    path,
    given: `${kept}, a name that JavaScript keeps for itself`,
    allowed: "any other name",
    fix: "choose another name, such as proto",
  };
}
