/**
 * The candidate that `given` was most probably meant to be, or undefined where none is near: at
 * most one slip in three characters, or one is the other's beginning (`memory`, `memoryMiB`).
 */
export function nearest(given: string, candidates: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  let best: { candidate: string; slips: number } | undefined;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
    if (Math.abs(wanted.length - known.length) > allowed && !isBeginning(wanted, known)) continue;
    const slips = isBeginning(wanted, known) ? 1 : distance(wanted, known);
    if (slips <= allowed && (best === undefined || slips < best.slips)) best = { candidate, slips };
  }
  return best?.candidate;
}

/** `Is memoryMiB meant?` for whoever typed what there is not, with what goes before it; nothing where no candidate is near. */
export function meantHint(given: string, candidates: Iterable<string>, before = ""): string {
  const meant = nearest(given, candidates);
  return meant === undefined ? "" : `${before}Is ${meant} meant?`;
}

function isBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && a !== b && (a.startsWith(b) || b.startsWith(a));
}

/**
 * Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements and
 * swaps of two neighbours each count one. Only short texts are compared: a longer one is no slip.
 */
export function distance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Math.max(a.length, b.length);
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let slips = Math.min(
        current[column - 1] + 1,
        previous[column] + 1,
        previous[column - 1] + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) slips = Math.min(slips, beforePrevious[column - 2] + 1);
      current.push(slips);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}
