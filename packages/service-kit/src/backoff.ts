export interface BackoffOptions {
  /** First and largest delay, in milliseconds. */
  minMs: number;
  maxMs: number;
  /** Uniform in [0, 1). */
  random: () => number;
}

export interface Backoff {
  /** The delay before the next try: doubles with each call up to `maxMs`, then jittered to 50..100 % of that. */
  nextMs(): number;
  /** Call after a success: the next delay is the first one again. */
  reset(): void;
}

/** Exponential backoff with jitter, so that many clients of one dead server do not return in step. */
export function createBackoff({ minMs, maxMs, random }: BackoffOptions): Backoff {
  let ceilingMs = minMs;
  return {
    nextMs() {
      const delayMs = ceilingMs * (0.5 + random() / 2);
      ceilingMs = Math.min(maxMs, ceilingMs * 2);
      return Math.round(delayMs);
    },
    reset() {
      ceilingMs = minMs;
    },
  };
}
