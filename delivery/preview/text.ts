import { headline } from "./headline";
import { detailLines } from "./lines";
import { plainText } from "./markdown";
import { told } from "./phrase";
import type { PreviewReport } from "./report";

/** Everything, for a terminal. */
export function previewText(reports: readonly PreviewReport[]): string {
  return reports.map(stackText).join("\n\n");
}

function stackText(report: PreviewReport): string {
  const head = `${report.stack}: ${headline(report)}`;
  if (report.error !== undefined) return `${head}\n${indented(report.error.split("\n"))}`;
  const dangers = indented(report.dangers.map((phrase) => `⚠ ${told(phrase, plainText)}`));
  if (report.resources.length === 0) return [head, dangers].filter(Boolean).join("\n");
  const warnings = report.warnings.map((phrase) => `⚠ ${told(phrase, plainText)}`);
  const details = detailLines(report).map(
    ({ depth, phrase }) => `${depth === 0 ? "\n" : "  ".repeat(depth)}${told(phrase, plainText)}`,
  );
  return [head, indented(warnings), dangers, ...details].filter(Boolean).join("\n");
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
