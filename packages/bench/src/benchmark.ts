/** One measured line: what, in which unit, and what it is held against. */
export interface Figure {
  name: string;
  unit: string;
  /** One value a round. */
  values: number[];
  /** What the figure is compared with: a budget, or the alternative measured in the same run. */
  comparedWith: { name: string; value: number };
}

export interface Benchmark {
  name: string;
  /** What was measured, and what was not. */
  about: string;
  run(): Promise<Figure[]>;
}

/** Middle value; of an even number, the lower middle: a value that was really seen. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
