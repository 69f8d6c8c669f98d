/** Rows of text as columns, two spaces apart; a column whose name ends in `#` is of figures, and aligned to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
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
  return [names, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}
