/** Text that is safe in an HTML document, as content or inside an attribute's quotes. */
export function escape(text: string): string {
  return text.replace(
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
  if (value < 10) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `sha256:0a1b…` by its first 12 digits, as container tools show it. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

/** An outcome as a mark and a word: never told by its colour alone. */
export function badge(status: string): string {
  const { mark, kind, word } = outcomes[status] ?? { mark: "•", kind: "quiet", word: status };
  return `<span class="badge ${kind}"><span aria-hidden="true">${mark}</span> ${escape(word)}</span>`;
}

const outcomes: Readonly<
  Record<string, { readonly mark: string; readonly kind: string; readonly word: string }>
> = {
  Succeeded: { mark: "✓", kind: "good", word: "succeeded" },
  Failed: { mark: "✕", kind: "bad", word: "failed" },
  Stopped: { mark: "■", kind: "bad", word: "stopped" },
  Skipped: { mark: "–", kind: "quiet", word: "not reached" },
  Abandoned: { mark: "–", kind: "quiet", word: "abandoned" },
};
