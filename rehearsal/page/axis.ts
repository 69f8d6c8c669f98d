/** A time on the page, from left to right. */
export interface Axis {
  /** Milliseconds since 1970. */
  readonly begin: number;
  /** Milliseconds, never 0. */
  readonly span: number;
}

/** The line of ticks above bars. */
export function axisOf(axis: Axis): string {
  return `<div class="bars axis" aria-hidden="true"><span></span><span class="track">${ticks(axis)}</span><span></span></div>`;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const mostTicks = 6;

/** Where the axis has its ticks, in seconds: full ones, few enough to be read. */
export function ticksOf(spanSeconds: number): number[] {
  const step = steps.find((one) => spanSeconds / one <= mostTicks) ?? spanSeconds / mostTicks;
  return Array.from({ length: Math.floor(spanSeconds / step) + 1 }, (_, index) => index * step);
}

function ticks({ span }: Axis): string {
  return ticksOf(span / 1000)
    .map(
      (tick) =>
        `<span class="tick" style="left:${percent(tick * 1000, span)}">${clock(tick)}</span>`,
    )
    .join("");
}

/** `75` as `1:15` */
function clock(value: number): string {
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** For styles. */
export function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)}%`;
}
