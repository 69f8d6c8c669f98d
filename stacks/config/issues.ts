import type { z } from "zod";
import { saidBoolean } from "./fields";
import { describeGiven, isHidden, nothing, set } from "./given";
import { nearest } from "./nearest";
import { formatPath, lastKey, valueAt, type Path } from "./path";
import { oneWordKeys, sectionExamples } from "./sectionExamples";

/** A fault whose path is still in parts. */
export interface Finding {
  readonly path: Path;
  readonly given: string;
  readonly allowed: string;
  readonly fix: string;
  readonly sayable?: string;
}

/** What must go for the rest to be checked, and what was probably meant in its place. */
export interface SetAside {
  readonly path: Path;
  readonly meant?: string | boolean;
}

export interface Reading {
  readonly finding: Finding;
  readonly setAside: SetAside;
}

const unknownKey = "an unknown key";
const elsewhereKey = "a key that has no place beside the others";

type Issue = z.core.$ZodIssue;

/** What zod found, as faults that a person can fix. */
export function readIssues(issues: readonly Issue[], root: unknown): Reading[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? unknownKeys(issue) : [other(issue, root)],
  );
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys): Reading[] {
  const [allowed, ...fixes] = issue.message.split("\n");
  return issue.keys.map((key, index) => {
    const path = [...asPath(issue.path), key];
    const isKnown = fixes[index].startsWith(`remove ${key}, or set `);
    const given = isKnown ? elsewhereKey : unknownKey;
    const finding = { path, given, allowed, fix: fixes[index] };
    return { finding, setAside: { path } };
  });
}

function other(issue: Issue, root: unknown): Reading {
  const path = asPath(issue.path);
  const value = valueAt(root, path);
  const meant = meantChoice(issue, value);
  const finding = {
    path,
    given: told(issue) ?? describeGiven(path, value),
    allowed: issue.message,
    fix: fix(issue, path, value, meant),
  };
  if (meant !== undefined) return { finding, setAside: { path, meant } };
  // Without its discriminator a union cannot be read, nor an object without a key that it needs.
  const whole = value === undefined || issue.code === "invalid_union";
  return { finding, setAside: { path: whole ? path.slice(0, -1) : path } };
}

/** What a schema itself says of a value that it does not repeat. */
function told(issue: Issue): string | undefined {
  const given: unknown = issue.code === "custom" ? issue.params?.given : undefined;
  return typeof given === "string" ? given : undefined;
}

/** The values of which one was to be chosen. */
function choices(issue: Issue): string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  return issue.code === "invalid_union" ? issue.message.split(/, | or /) : undefined;
}

/** In its own type: `false`, where "false" or `no` was written. */
function meantChoice(issue: Issue, value: unknown): string | boolean | undefined {
  const texts = choices(issue);
  if (texts === undefined || typeof value !== "string") return undefined;
  const booleans =
    issue.code === "invalid_value" ? issue.values.filter((each) => typeof each === "boolean") : [];
  const said = saidBoolean(value);
  if (said !== undefined && booleans.includes(said)) return said;
  const meant = nearest(value, texts);
  return booleans.find((each) => String(each) === meant) ?? meant;
}

function fix(
  issue: Issue,
  path: Path,
  value: unknown,
  meant: string | boolean | undefined,
): string {
  if (issue.code === "custom") return String(issue.params?.fix);
  if (value === undefined) return `add ${lastKey(path)}: ${issue.message}`;
  if (value === null) return `give ${lastKey(path)} a value, or remove it`;
  if (meant !== undefined) return set(path, meant);
  if (issue.code === "too_small")
    return nearLimit(path, value, Number(issue.minimum), issue.message);
  if (issue.code === "too_big") return nearLimit(path, value, Number(issue.maximum), issue.message);
  if (issue.code === "invalid_type") return fixOfType(issue.expected, path, value, issue.message);
  return choices(issue) ? "choose one of these" : `write ${issue.message}`;
}

/** The limit, for an amount that is somewhat beyond it. A port is no amount, and what is far off is a slip of another kind. */
function nearLimit(path: Path, value: unknown, limit: number, allowed: string): string {
  if (lastKey(path) === "port" && path.includes("egress"))
    return "write the port that is reached there";
  if (lastKey(path) === "port") return "write the port that the container listens on";
  const isNear = typeof value !== "number" || Math.abs(value) <= 10 * Math.max(1, Math.abs(limit));
  return isNear ? set(path, limit) : `write ${allowed}`;
}

function fixOfType(expected: string, path: Path, value: unknown, allowed: string): string {
  const text = typeof value === "string" ? value.trim() : undefined;
  if (typeof value === "number" && expected === "int" && Number.isFinite(value)) {
    return set(path, Math.round(value));
  }
  if (text && ["int", "number"].includes(expected) && Number.isFinite(Number(text))) {
    return `${set(path, Number(text))}, without quotes`;
  }
  const said = expected === "boolean" ? saidBoolean(value) : undefined;
  if (said !== undefined) return set(path, said);
  const percent = lastKey(path).endsWith("Percent") ? /^([\d.]+)\s*%$/.exec(text ?? "") : null;
  if (percent) return set(path, Number(percent[1]));
  const example = exampleFor(path, text, allowed);
  if (example !== undefined) {
    const key = path.length === 1 ? `gantry:${path[0]}` : lastKey(path);
    return `write it as ${key}: ${example}`;
  }
  const isOfTexts = !allowed.includes("{");
  if (text && expected === "array" && isOfTexts && !isHidden(path)) {
    return `${set(path, `[${isCommand(path) ? text.split(/\s+/).join(", ") : text}]`)}, a list`;
  }
  if (path.length === 1 && ["object", "record"].includes(expected)) {
    return `write its keys below gantry:${path[0]}, one a line`;
  }
  return `write ${allowed}`;
}

/** How a section is written, with what was given where that is one word for its first key; undefined where it has other keys. */
function exampleFor(path: Path, text: string | undefined, allowed: string): string | undefined {
  const example = sectionExamples[lastKey(path)];
  const [, key] = /^\{ (\w+): /.exec(example ?? "") ?? [];
  const [, keys] = /^an object with the keys (.*)$/.exec(allowed) ?? [];
  if (key !== undefined && keys !== undefined && !keys.split(", ").includes(key)) return undefined;
  const isWord = text !== undefined && /^[\w/.-]*[A-Za-z][\w/.-]*$/.test(text);
  const takesIt = oneWordKeys.has(lastKey(path)) && isWord && saidBoolean(text) === undefined;
  return takesIt ? `{ ${key}: ${text} }` : example;
}

/** Whether a list is of the words of a command, which people write as one text. */
function isCommand(path: Path): boolean {
  return ["command", "entrypoint"].includes(String(path.at(-1)));
}

/** A key that is missing because it is misspelt is one fault and not two. */
export function withoutMisspelt(findings: readonly Finding[]): Finding[] {
  const meant = new Set(
    findings
      .filter(({ given }) => given === unknownKey)
      .map(({ path, fix }) => formatPath(path.slice(0, -1)) + fix),
  );
  return findings.filter(
    ({ path, given }) =>
      given !== nothing ||
      !meant.has(`${formatPath(path.slice(0, -1))}did you mean ${path[path.length - 1]}?`),
  );
}

function asPath(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === "number" ? part : String(part)));
}
