import { counted } from "../contract/counted";
import type { Imported } from "./imported";
import { namesServices } from "./valid";
import { rowsOf, type Row } from "./rows";

/** The report as Markdown. No value of any field is repeated: it may be a secret. */
export function reportText(imported: Imported): string {
  const rows = rowsOf(imported);
  return [
    `# Import from ${imported.from}`,
    ...summaryLines(imported, rows),
    ...leftOutLines(imported),
    ...dangerLines(imported),
    ...lostLines(rows),
    ...noteLines(imported),
    ...defaultLines(imported),
    "## Every field",
    ...files(rows).flatMap((file) => [
      `### ${file}`,
      table(
        ["line", "field", "became", "what"],
        rows
          .filter(({ node }) => node.file === file)
          .flatMap((row) =>
            cells(row).map(([became, what]) => [
              String(row.node.line),
              code(row.node.path),
              became,
              what,
            ]),
          ),
      ),
    ]),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

/** What a person reads on the terminal. */
export function summaryLines(
  imported: Imported,
  rows: readonly Row[] = rowsOf(imported),
): string[] {
  const count = (became: string) =>
    rows.filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome.became === became)).length;
  const empty = imported.drafts.filter((draft) => !namesServices(draft)).map(({ stack }) => stack);
  return [
    `${counted(rows.length, "field")} in ${counted(files(rows).length, "file")}: ${count("same")} the same, ${count("other way")} another way, ${count("lost")} lost.`,
    ...imported.drafts.flatMap(({ stack, missing }) =>
      missing.map(
        ({ path, allowed, fix }) =>
          `Pulumi.${stack}.yaml is refused until it says ${path}; allowed: ${allowed}. ${sentence(fix)}`,
      ),
    ),
    ...imported.drafts.flatMap(({ stack, said }) =>
      said.length === 0
        ? []
        : [
            `Pulumi.${stack}.yaml says aloud what is dangerous in production, ${said.length === 1 ? "1 thing" : `${said.length} things`}: ` +
              "give each line of gantry:posture its reason, or make it safe and remove the line.",
          ],
    ),
    ...empty.map((stack) => `No service could be expressed for ${stack}: its file is not written.`),
  ];
}

/** Each service that is not in the config, and why, once for stacks with the same reason. */
export function leftOutServices({ drafts }: Imported): string[] {
  const lines = drafts.flatMap(({ leftOut }) =>
    leftOut.map(({ service, why, fix }) => `${service}: ${why}. ${sentence(fix)}`),
  );
  return [...new Set(lines)];
}

function leftOutLines(imported: Imported): string[] {
  const services = leftOutServices(imported);
  if (services.length === 0) return [];
  return ["## Services that are left out", bullets(services)];
}

/** What the files had, or did not have, that production refuses unless somebody says it aloud. */
function dangerLines({ drafts }: Imported): string[] {
  const lines = drafts.flatMap(({ stack, said }) =>
    said.map(
      ({ path, allowed, fix }) => `TODO ${stack}: \`${path}\`: ${allowed}. ${sentence(fix)}`,
    ),
  );
  return lines.length === 0 ? [] : ["## Dangerous, and said aloud", bullets(lines)];
}

/** Neighbours that are lost for the same reason share a line. */
function lostLines(rows: readonly Row[]): string[] {
  const groups: { file: string; because: string; lines: number[]; fields: string[] }[] = [];
  for (const { node, outcomes } of rows) {
    for (const { stacks, outcome } of outcomes) {
      if (outcome.became !== "lost") continue;
      const because = `${ofStacks(stacks)}: ${outcome.why}. ${sentence(outcome.fix)}`;
      const last = groups.at(-1);
      if (last?.file === node.file && last.because === because) {
        last.lines.push(node.line);
        last.fields.push(code(node.path));
      } else {
        groups.push({
          ...{ file: node.file, because },
          lines: [node.line],
          fields: [code(node.path)],
        });
      }
    }
  }
  const todo = groups.map(({ file, because, lines, fields }) => {
    const [first, last] = [Math.min(...lines), Math.max(...lines)];
    return `TODO ${file}:${first === last ? first : `${first}-${last}`} ${fields.join(", ")}${because}`;
  });
  return todo.length === 0 ? [] : ["## What is lost, and what to do", bullets(todo)];
}

function noteLines({ notes }: Imported): string[] {
  if (notes.length === 0) return [];
  return [
    "## Files that are not imported",
    table(
      ["file", "what it is", "what to do"],
      notes.map(({ file, what, fix }) => [code(file), what, fix]),
    ),
  ];
}

function defaultLines({ from, defaults }: Imported): string[] {
  if (defaults.length === 0) return [];
  return [
    "## Defaults that differ",
    table(
      ["what", from, "Gantry", "now"],
      defaults.map(({ what, there, here, now }) => [what, there, here, now]),
    ),
  ];
}

function cells({ outcomes }: Row): [string, string][] {
  return outcomes.map(({ stacks, outcome }) => {
    const became = `${outcome.became}${ofStacks(stacks)}`;
    switch (outcome.became) {
      case "same":
        return [became, code(outcome.to)];
      case "other way":
        return [became, outcome.how];
      case "lost":
        return [became, `${outcome.why}. ${sentence(outcome.fix)}`];
    }
  });
}

function ofStacks(stacks: readonly string[]): string {
  return stacks.length === 0 ? "" : ` (${stacks.join(", ")})`;
}

function files(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ node }) => node.file))];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A bar or a line's end would break the table. */
function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.replace(/\s*\n\s*/g, " ")}`).join("\n");
}

function code(text: string): string {
  return text === "" ? "(the whole file)" : `\`${text.replace(/[`\n]/g, " ")}\``;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}.`;
}
