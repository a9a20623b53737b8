/** Delays between attempts: doubling from `firstMs` up to `maxMs`, each between half and all of that. */
export interface BackoffLimits {
  firstMs: number;
  maxMs: number;
}

/** @param attempt 0 for the first retry. @param random a number in [0, 1): spreads clients that failed together. */
export function backoffDelayMs(attempt: number, limits: BackoffLimits, random: number): number {
  const full = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
