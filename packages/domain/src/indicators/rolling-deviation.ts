import type { Indicator } from './indicators.ts';

/**
 * Population standard deviation of the last `period` values. Computed from the window itself each time, oldest
 * value first: the result depends on nothing but the window, and is exactly 0 on equal values. A plain loop over
 * floats: the library's takes some twenty times as long, seconds for a few long windows over a history.
 */
export function createRollingDeviation(period: number): Indicator<number> {
  const ring = new Float64Array(period);
  let count = 0;
  return {
    update(value) {
      ring[count % period] = value;
      count++;
      if (count < period) return Number.NaN;
      const oldest = count % period;
      const first = ring[oldest] ?? 0;
      // Relative to one of the values: the mean of equal values is then exactly that value.
      const mean = first + sumOf(ring, oldest, (one) => one - first) / period;
      return Math.sqrt(sumOf(ring, oldest, (one) => (one - mean) ** 2) / period);
    },
  };
}

/** Sums the window from its oldest value on. */
function sumOf(ring: Float64Array, oldest: number, term: (value: number) => number): number {
  let sum = 0;
  for (let index = oldest; index < ring.length; index++) sum += term(ring[index] ?? 0);
  for (let index = 0; index < oldest; index++) sum += term(ring[index] ?? 0);
  return sum;
}
