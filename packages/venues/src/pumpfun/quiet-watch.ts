/**
 * When a stream without heartbeats is suspected to be dead. Its own rate says what quiet is unusual: as long as
 * arrivals are independent, a gap of 20 mean intervals happens by chance once in 5e8 gaps. Real streams come in
 * bursts, so nothing shorter than `floorMs` is suspected; while the rate is not known, `ceilingMs` counts.
 */
export interface QuietLimits {
  floorMs: number;
  ceilingMs: number;
  /** Arrivals before the rate is believed. */
  minArrivals: number;
}

const INTERVALS = 20;
/** The rate follows the market over some five minutes. */
const MEMORY_MS = 300_000;

export interface QuietWatch {
  /** Something came at `at` (ms). */
  heard(at: number): void;
  /** Forgets the rate: a new connection begins at `at`. */
  restart(at: number): void;
  /** Quiet from the last arrival on that is suspicious, in ms. */
  thresholdMs(): number;
  isSuspicious(now: number): boolean;
  /** Arrivals since the restart. */
  arrivals(): number;
}

export function createQuietWatch(limits: QuietLimits): QuietWatch {
  let startedAt = 0;
  let lastAt = 0;
  let arrivals = 0;
  /** Arrivals, each worth less the longer it is ago; as of `lastAt`. */
  let weight = 0;

  function thresholdMs(): number {
    if (arrivals < limits.minArrivals) return limits.ceilingMs;
    const watchedMs = MEMORY_MS * (1 - Math.exp(-(lastAt - startedAt) / MEMORY_MS));
    const expectedMs = (INTERVALS * watchedMs) / weight;
    return Math.min(limits.ceilingMs, Math.max(limits.floorMs, expectedMs));
  }

  return {
    heard(at) {
      weight = weight * Math.exp(-Math.max(0, at - lastAt) / MEMORY_MS) + 1;
      lastAt = at;
      arrivals += 1;
    },
    restart(at) {
      startedAt = at;
      lastAt = at;
      arrivals = 0;
      weight = 0;
    },
    thresholdMs,
    isSuspicious: (now) => now - lastAt >= thresholdMs(),
    arrivals: () => arrivals,
  };
}
