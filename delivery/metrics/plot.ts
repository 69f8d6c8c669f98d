import { escape } from "../page/html";

/** A figure of each week; undefined where there is none to show. */
export type Series = readonly (number | undefined)[];

const blocks = "▁▂▃▄▅▆▇█";

/** A character for each figure, from nothing to the highest; `·` where there is none. */
export function sparkline(series: Series): string {
  const highest = highestOf(series);
  return series
    .map((figure) => {
      if (figure === undefined) return "·";
      const share = highest === 0 ? 0 : figure / highest;
      return blocks[Math.min(blocks.length - 1, Math.floor(share * blocks.length))];
    })
    .join("");
}

function highestOf(series: Series): number {
  return Math.max(0, ...series.map((figure) => figure ?? 0));
}

export interface BarsOptions {
  /** What they show, for those who do not see it. */
  readonly title: string;
  /** Of each bar, oldest first. */
  readonly labels: readonly string[];
  readonly series: Series;
  readonly format: (figure: number) => string;
}

/** Units of the drawing, which is as wide as its place. */
const size = { width: 320, height: 110, top: 16, bottom: 18 } as const;

/** Bars as an SVG drawing, which a page has in itself. A week without a figure has a thin grey line. */
export function bars({ title, labels, series, format }: BarsOptions): string {
  const highest = highestOf(series);
  const ground = size.height - size.bottom;
  const step = size.width / Math.max(1, series.length);
  const drawn = series.map((figure, index) => {
    const tall = Math.max(1, figure ? (figure / highest) * (ground - size.top) : 0);
    const x = (index * step + step * 0.1).toFixed(1);
    const told = `${labels[index]}: ${figure === undefined ? "none" : format(figure)}`;
    return (
      `<rect${figure ? "" : ' class="none"'} x="${x}" y="${(ground - tall).toFixed(1)}" width="${(step * 0.8).toFixed(1)}" ` +
      `height="${tall.toFixed(1)}"><title>${escape(told)}</title></rect>`
    );
  });
  const first = escape(labels.at(0) ?? "");
  const last = escape(labels.at(-1) ?? "");
  return `<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escape(title)}">
<text x="0" y="11">${escape(highest === 0 ? "none" : `up to ${format(highest)}`)}</text>
<line x1="0" y1="${ground}" x2="${size.width}" y2="${ground}"></line>
${drawn.join("\n")}
<text x="0" y="${size.height - 4}">${first}</text>
${labels.length > 1 ? `<text x="${size.width}" y="${size.height - 4}" text-anchor="end">${last}</text>` : ""}
</svg>`;
}
