/** Time and timers as an input, so that tests decide when something happens. */
export interface Clock {
  /** Wall clock in milliseconds since the epoch; never goes back. */
  now(): number;
  /** Calls `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * The wall clock, but never set back: it then goes on by the steady clock. Otherwise everything that waits for a
 * time (silence, pauses the venue asked for, the spacing of messages) would wait for as long as the clock was set back,
 * and token events would be stamped with times that were before. It follows a clock that is set forward, and the time
 * a machine slept.
 */
export function createSteadyClock(
  wallNow: () => number = () => Date.now(),
  steadyNow: () => number = () => performance.now(),
): Clock {
  let offset = wallNow() - steadyNow();
  return {
    now() {
      offset = Math.max(offset, wallNow() - steadyNow());
      return Math.round(offset + steadyNow());
    },
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

export const systemClock: Clock = createSteadyClock();
