/** Turns wall time into simulated time that starts at `startAt` and runs `speed` times faster. */
export interface SimClock {
  readonly speed: number;
  /** Simulated time now, ms. Never beyond `endAt`. */
  now(): number;
  /** Wall milliseconds until the simulated time is `at`; 0 when it has come, Infinity when it never will. */
  wallDelayUntil(at: number): number;
}

export interface SimClockOptions {
  startAt: number;
  speed: number;
  /** Wall time in ms; monotonic. */
  wallNow: () => number;
  /** The clock stops here (the end of a recording). */
  endAt?: number;
}

export function createSimClock({ startAt, speed, wallNow, endAt = Infinity }: SimClockOptions): SimClock {
  const wallStart = wallNow();
  const now = () => Math.min(endAt, Math.floor(startAt + (wallNow() - wallStart) * speed));
  return {
    speed,
    now,
    wallDelayUntil: (at) => (at > endAt ? Infinity : Math.max(0, (at - now()) / speed)),
  };
}
