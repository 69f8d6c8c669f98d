import { counted } from "../../contract/counted";
import type { Mood } from "../../delivery/facts/state";
import { withoutSecrets } from "../../stacks/config/secretValues";
import type { Finding, Severity } from "./check";
import type { CheckResult, Examination } from "./doctor";

type Paint = (mood: Mood, text: string) => string;

const severities: readonly Severity[] = ["error", "warning", "note"];

/** What it came to, for people: what is wrong first, each with its fix; then what nobody knows; then what is well, a line each. */
export function examinationText(found: Examination, paint: Paint): string {
  const { checks, stack, account, region } = found;
  const width = Math.max(...checks.map(({ check }) => check.length));
  const all = checks.flatMap(({ check, findings }) => findings.map((each) => ({ check, ...each })));
  const told = severities.flatMap((wanted) =>
    all
      .filter(({ severity }) => severity === wanted)
      .flatMap(({ check, ...finding }) => [...findingLines(check, finding, paint), ""]),
  );
  const unknown = checks.flatMap(({ check, unchecked }) =>
    unchecked.map(
      ({ what, why }) =>
        `${label("?", "quiet", paint)}${check.padEnd(width)}  ${what}: not checked, ${why}`,
    ),
  );
  const well = checks
    .filter(isWell)
    .map((each) => `${label("ok", "good", paint)}${each.check.padEnd(width)}  ${each.well}`);
  const place = account === undefined ? region : `account ${account}, ${region}`;
  const lines = [`${stack} (${place})`, "", ...told, ...unknown, ...well, "", summary(found)];
  return withoutSecrets(lines.join("\n"));
}

function isWell({ findings, unchecked, well }: CheckResult): boolean {
  return findings.length === 0 && unchecked.length === 0 && well !== "";
}

/** Wide enough for the longest, `warning`. */
const labelWidth = 9;

function label(text: string, mood: Mood, paint: Paint): string {
  return paint(mood, text) + " ".repeat(labelWidth - text.length);
}

function findingLines(
  check: string,
  { severity, where, what, fix, command }: Finding,
  paint: Paint,
): string[] {
  const mood = severity === "note" ? "quiet" : "bad";
  const indent = " ".repeat(labelWidth);
  return [
    `${label(severity === "error" ? "ERROR" : severity, mood, paint)}${check}: ${where}`,
    `${indent}${what}`,
    ...(fix === "" ? [] : [`${indent}fix: ${fix}`]),
    ...(command === undefined ? [] : [`${indent}  ${command}`]),
  ];
}

function summary({ checks, errors, warnings, notes, unchecked }: Examination): string {
  const found = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
    ...(notes > 0 ? [counted(notes, "note")] : []),
  ];
  const missed = unchecked > 0 ? `; ${counted(unchecked, "thing")} could not be checked` : "";
  const made = counted(checks.length, "check");
  return found.length > 0
    ? `${made}: ${found.join(", ")}${missed}`
    : `${made}: nothing is wrong${missed}`;
}
