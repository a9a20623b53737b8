/** Delays between tries: doubling from `minMs` to `maxMs`, jittered to 50..100 % so that clients do not return in step. */
export function createBackoff(minMs: number, maxMs: number, random: () => number) {
  let ceilingMs = minMs;
  return {
    nextMs(): number {
      const delayMs = ceilingMs * (0.5 + random() / 2);
      ceilingMs = Math.min(maxMs, ceilingMs * 2);
      return Math.round(delayMs);
    },
    reset(): void {
      ceilingMs = minMs;
    },
  };
}

/** Resolves after `delayMs`, or at once when the signal aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done);
  });
}
