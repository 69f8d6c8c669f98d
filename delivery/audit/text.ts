import { counted } from "../../contract/counted";
import { cutText } from "../../contract/plainText";
import { clockText, type Reader } from "../facts/times";
import { table } from "../text";
import type { Audit, AuditEntry } from "./entries";

/** What was done, oldest first, and below it what is not here. */
export function auditText({ stack, from, to, entries, gaps }: Audit, reader: Reader): string {
  const period = `${clockText(from, reader)} to ${clockText(to, reader)} ${reader.timezone}`;
  return [
    `${stack}: ${counted(entries.length, "entry", "entries")} from ${period}`,
    ...(entries.length > 0
      ? [
          "",
          table(
            ["TIME", "KIND", "WHO", "WHAT", "DETAIL"],
            entries.map(({ at, kind, who, what, detail }) => [
              clockText(at, reader),
              kind,
              shortWho(who),
              what,
              cutText(detail ?? "", 100),
            ]),
          ),
        ]
      : []),
    ...(gaps.length > 0 ? ["", "Not here:", ...gaps.map((gap) => `  ${gap}`)] : []),
  ].join("\n");
}

/** `Admin/ada` of `arn:aws:sts::123456789012:assumed-role/Admin/ada`. */
function shortWho(who = "-"): string {
  return who.replace(/^arn:[^:]*:(?:iam|sts)::\d*:(?:assumed-role|user|role)\//, "");
}

const columns = [
  "at",
  "kind",
  "who",
  "what",
  "detail",
  "source",
  "id",
] as const satisfies readonly (keyof AuditEntry)[];

/** The same for spreadsheets, as RFC 4180 has it. A cell is never a formula, whatever somebody wrote. */
export function auditCsv({ entries }: Pick<Audit, "entries">): string {
  const rows = entries.map((entry) => columns.map((column) => cell(entry[column] ?? "")));
  return [columns.join(","), ...rows.map((row) => row.join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
