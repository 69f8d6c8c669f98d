import { plainText } from "../../contract/plainText";

/** Text that is safe in an HTML document, as content or inside an attribute's quotes, and without what only a terminal shows. */
export function escape(text: string): string {
  return plainText(text).replace(
    /[&<>"']/g,
    (character) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[character] ?? "",
  );
}

/** Parts of a page that are HTML already. */
export function join(parts: readonly (string | undefined | false)[]): string {
  return parts.filter(Boolean).join("\n");
}

/** `75.2` as `1 min 15 s`, `3.24` as `3.2 s`. */
export function seconds(value: number): string {
  if (value < 9.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** An ISO time for people, to the second: `2026-11-21 16:13:16 UTC`. What is no time stays as it is. */
export function time(iso: string): string {
  const parsed = Date.parse(iso);
  if (Number.isNaN(parsed)) return escape(iso);
  const text = new Date(parsed).toISOString();
  return `<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)} UTC</time>`;
}

/** `sha256:0a1b…` by its first 12 digits, as container tools show it. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

/** A mark and a word: what it tells is never told by its colour alone. */
export function mark(kind: "good" | "bad" | "quiet", text: string): string {
  const sign = { good: "✓", bad: "✕", quiet: "–" }[kind];
  return `<span class="badge ${kind}"><span aria-hidden="true">${sign}</span> ${escape(text)}</span>`;
}

/** An outcome. */
export function badge(status: string): string {
  const [kind, word] = outcomes[status] ?? ["quiet", status];
  return mark(kind, word);
}

const outcomes: Readonly<Record<string, readonly [Parameters<typeof mark>[0], string]>> = {
  Succeeded: ["good", "succeeded"],
  Failed: ["bad", "failed"],
  Stopped: ["bad", "stopped"],
  Skipped: ["quiet", "not reached"],
  Abandoned: ["quiet", "abandoned"],
};

/**
 * A table that scrolls by itself where it is wider than the window. Its first cell of a row names the row.
 * @param columns a name that ends in `#` is of figures.
 * @param rows cells that are HTML already.
 */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const figure = columns.map((name) => (name.endsWith("#") ? ' class="figure"' : ""));
  const head = columns.map(
    (name, at) => `<th scope="col"${figure[at]}>${escape(name.replace(/#$/, ""))}</th>`,
  );
  const body = rows.map((cells) =>
    cells.map((cell, at) =>
      at === 0 ? `<th scope="row">${cell}</th>` : `<td${figure[at]}>${cell}</td>`,
    ),
  );
  return `<div class="scroll" role="region" aria-label="${escape(caption)}" tabindex="0"><table>
<thead><tr>${head.join("")}</tr></thead>
<tbody>${body.map((cells) => `<tr>${cells.join("")}</tr>`).join("\n")}</tbody></table></div>`;
}

/** Text as it was printed, which scrolls by itself. */
export function printed(label: string, text: string): string {
  return `<pre role="region" aria-label="${escape(label)}" tabindex="0">${escape(text)}</pre>`;
}
