/** What a set of figures comes to. Absent figures: there is none to say it of. */
export interface Statistics {
  readonly count: number;
  readonly median?: number;
  /** The 90th percentile. */
  readonly p90?: number;
}

export function statisticsOf(figures: readonly number[]): Statistics {
  if (figures.length === 0) return { count: 0 };
  const sorted = [...figures].sort((a, b) => a - b);
  return { count: sorted.length, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

/**
 * The quantile by linear interpolation between the two nearest figures, as spreadsheets and NumPy do by default (type 7 of
 * Hyndman and Fan, "Sample quantiles in statistical packages", 1996).
 * @param sorted in ascending order, at least one.
 * @param share 0 to 1.
 */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
