/** What colours the output of programs at a terminal, and moves its cursor ("ECMA-48", control sequences; OSC ends by BEL or ST). */
const terminal = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

/** Signs that nobody sees, but tabs and the ends of lines; and those that have text read in the other direction than it stands. */
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A text that others wrote, as people read it outside of a terminal. */
export function plainText(text: string): string {
  return text.replace(terminal, "").replace(unseen, "");
}

/** A text that is not longer than so many characters, without half of a sign at its end. */
export function cutText(text: string, most: number): string {
  const ellipsis = "...";
  if (text.length <= most) return text;
  const kept = text.slice(0, most - ellipsis.length);
  return kept.replace(/[\ud800-\udbff]$/, "") + ellipsis;
}
