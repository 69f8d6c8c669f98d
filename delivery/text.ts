/**
 * Rows of text as columns, two spaces apart; a column whose name ends in `#` is of figures, and aligned to the right.
 * @param options.rule whether a line of dashes follows the header. Default: no.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { rule = false } = {},
): string {
  const names = header.map((name) => name.replace(/#$/, ""));
  const widths = names.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        header[column].endsWith("#") ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join("  ")
      .trimEnd();
  const ruler = rule ? [widths.map((width) => "-".repeat(width))] : [];
  return [names, ...ruler, ...rows].map(line).join("\n");
}
