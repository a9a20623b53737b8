/** Points kept of each figure: four minutes at one in two seconds. */
export const HISTORY_LIMIT = 120;

export interface Point {
  /** When the page got it, ms. */
  readonly at: number;
  readonly value: number;
}

/** The history with one more point; the oldest goes at the limit. */
export function addPoint(history: readonly Point[], point: Point): readonly Point[] {
  const last = history.at(-1);
  if (last && last.at >= point.at) return history;
  return [...history, point].slice(-HISTORY_LIMIT);
}

/** How fast a counter rises, per minute over the last `windowMs`; null while unknown or after it restarted. */
export function ratePerMinute(history: readonly Point[], windowMs = 60_000): number | null {
  const last = history.at(-1);
  if (!last) return null;
  const first = history.find((point) => point.at >= last.at - windowMs);
  if (!first || first === last || last.value < first.value) return null;
  return ((last.value - first.value) / (last.at - first.at)) * 60_000;
}

/** The points of an SVG polyline in a box of `width` by `height`, a flat line when nothing moved. */
export function sparkline(history: readonly Point[], width: number, height: number): string {
  const values = history.map((point) => point.value);
  if (values.length < 2) return '';
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      const y = span === 0 ? height / 2 : height - ((value - low) / span) * (height - 2) - 1;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
