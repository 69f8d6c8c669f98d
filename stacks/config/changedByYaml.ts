import { isRecord } from "../../contract/record";
import type { Rewritten } from "./engineYaml";
import { isHidden } from "./given";
import type { Finding } from "./issues";
import { formatPath, type Path } from "./path";
import { isTimeStamp } from "./writtenDay";

/**
 * Where days stand, however they were written: `until` of findings and of `posture`, and the ends of a freeze. A key there that is
 * misspelt is no other fault for its day: every other place wants the text that stood there.
 */
function mayBeDay([top, section, ...rest]: Path): boolean {
  const key = String(rest.at(-1));
  const hasDays =
    top === "posture" || (top === "pipeline" && ["windows", "scan"].includes(String(section)));
  return hasDays && rest.length > 0 && !["id", "reason"].includes(key);
}

/** Whether a number is made a text: what stands in a variable, in an argument of a build or in a command, and ids. */
function becomesText(path: Path): boolean {
  const [top, , field] = path;
  const key = String(path[path.length - 1]);
  if (top === "pipeline") return key === "account";
  if (top === "databases" || top === "caches") return key === "version";
  return (
    top === "services" &&
    key !== "timeoutMinutes" &&
    (["environment", "entrypoint", "command", "releaseCommand"].includes(String(field)) ||
      (field === "build" && (path[3] === "args" || key === "target")) ||
      ["matcher", "user"].includes(key))
  );
}

/**
 * What YAML changed on its way, so that nobody can tell what was written: numbers that have more digits than a number
 * keeps (JavaScript: 2^53 - 1), and times.
 */
export function changedByYaml(value: unknown, path: Path): Finding[] {
  if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return [
      {
        path,
        given: "a number of more digits than YAML keeps",
        allowed: `numbers up to ${Number.MAX_SAFE_INTEGER}; longer ones as a text`,
        fix: "write it in quotes",
      },
    ];
  }
  // `1.10` is 1.1 by now. Of whole numbers only the file knows (`rewrittenByYaml`).
  if (typeof value === "number" && !Number.isInteger(value) && becomesText(path)) {
    return [
      {
        path,
        given: "a number with a fraction, whose last zeros YAML drops",
        allowed: "the text itself",
        fix: "write it in quotes",
      },
    ];
  }
  if (typeof value === "string" && isTimeStamp(value) && !mayBeDay(path)) {
    return [
      {
        path,
        given: "a date or a time, which YAML writes anew",
        allowed: "the text itself",
        fix: "write it in quotes",
      },
    ];
  }
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => changedByYaml(each, [...path, index]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => changedByYaml(each, [...path, key]));
}

/**
 * What stands otherwise in the stack's file than it is handed on: `0123` as 83, `1_000` as 1000, `True` as true. Numbers are
 * refused wherever they stand, since few people mean 48 by `060`; booleans where they become texts.
 * @param rewritten with paths in the document.
 * @param changed what `changedByYaml` found, which is not told again.
 */
export function rewrittenByYaml(
  rewritten: readonly Rewritten[],
  changed: readonly Finding[],
): Finding[] {
  const told = new Set(changed.map(({ path }) => formatPath(path)));
  return rewritten
    .filter(({ path, value, isKey }) => {
      if (isKey) return true;
      const isWrong = becomesText(path) || (typeof value === "number" && !isHidden(path));
      return isWrong && !told.has(formatPath(path));
    })
    .map(rewrittenFinding);
}

function rewrittenFinding({ path, source, value, isKey }: Rewritten): Finding {
  const fix = "write it in quotes";
  if (isKey) {
    return { path, given: `${source}, which YAML writes anew`, allowed: "the key itself", fix };
  }
  if (becomesText(path)) {
    return {
      path,
      given: `a ${typeof value}, which YAML writes anew`,
      allowed: "the text itself",
      fix,
    };
  }
  return {
    path,
    given: `${source}, which YAML reads as ${String(value)}`,
    allowed: "numbers in plain digits, and texts in quotes",
    fix: `write ${String(value)}; where ${source} is meant as a text, write it in quotes`,
  };
}
