import type { z } from "zod";
import { describeGiven, isHidden, nothing, set } from "./given";
import { nearest } from "./nearest";
import { formatPath, lastKey, valueAt, type Path } from "./path";

/** A fault whose path is still in parts. */
export interface Finding {
  readonly path: Path;
  readonly given: string;
  readonly allowed: string;
  readonly mend: string;
}

/** What must go for the rest to be checked, and what was probably meant in its place. */
export interface SetAside {
  readonly path: Path;
  readonly meant?: string;
}

export interface Reading {
  readonly finding: Finding;
  readonly setAside: SetAside;
}

const unknownKey = "an unknown key";

type Issue = z.core.$ZodIssue;

/** What zod found, as faults that a person can mend. */
export function readIssues(issues: readonly Issue[], root: unknown): Reading[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? unknownKeys(issue) : [other(issue, root)],
  );
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys): Reading[] {
  const [allowed, ...mends] = issue.message.split("\n");
  return issue.keys.map((key, index) => {
    const path = [...asPath(issue.path), key];
    const finding = { path, given: unknownKey, allowed, mend: mends[index] };
    return { finding, setAside: { path } };
  });
}

function other(issue: Issue, root: unknown): Reading {
  const path = asPath(issue.path);
  const value = valueAt(root, path);
  const meant = choices(issue) && typeof value === "string" && nearest(value, choices(issue) ?? []);
  const finding = {
    path,
    given: describeGiven(path, value),
    allowed: issue.message,
    mend: mend(issue, path, value, meant || undefined),
  };
  if (meant) return { finding, setAside: { path, meant } };
  // Without its discriminator a union cannot be read, nor an object without a key that it needs.
  const whole = value === undefined || issue.code === "invalid_union";
  return { finding, setAside: { path: whole ? path.slice(0, -1) : path } };
}

/** The values of which one was to be chosen. */
function choices(issue: Issue): string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  return issue.code === "invalid_union" ? issue.message.split(/, | or /) : undefined;
}

function mend(issue: Issue, path: Path, value: unknown, meant: string | undefined): string {
  if (issue.code === "custom") return String(issue.params?.mend);
  if (value === undefined) return `add ${lastKey(path)}: ${issue.message}`;
  if (value === null) return `give ${lastKey(path)} a value, or remove it`;
  if (meant !== undefined) return set(path, meant);
  if (issue.code === "too_small") return set(path, Number(issue.minimum));
  if (issue.code === "too_big") return set(path, Number(issue.maximum));
  if (issue.code === "invalid_type") return mendType(issue.expected, path, value, issue.message);
  return choices(issue) ? "choose one of these" : `write ${issue.message}`;
}

function mendType(expected: string, path: Path, value: unknown, allowed: string): string {
  const text = typeof value === "string" ? value.trim() : undefined;
  if (typeof value === "number" && expected === "int" && Number.isFinite(value)) {
    return set(path, Math.round(value));
  }
  if (text && ["int", "number"].includes(expected) && Number.isFinite(Number(text))) {
    return `${set(path, Number(text))}, without quotes`;
  }
  if (text && expected === "boolean" && /^(true|false|yes|no|on|off)$/i.test(text)) {
    return set(path, /^(true|yes|on)$/i.test(text));
  }
  if (text && expected === "array" && !isHidden(path)) {
    return `${set(path, `[${text}]`)}, a list`;
  }
  if (path.length === 1 && ["object", "record"].includes(expected)) {
    return `write its keys below gantry:${path[0]}, one a line`;
  }
  return `write ${allowed}`;
}

/** A key that is missing because it is misspelt is one fault and not two. */
export function withoutMisspelt(findings: readonly Finding[]): Finding[] {
  const meant = new Set(
    findings
      .filter(({ given }) => given === unknownKey)
      .map(({ path, mend }) => formatPath(path.slice(0, -1)) + mend),
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
