import type { Clock } from '../connection/clock.ts';

/** Share of the venue's weight budget that history may use; the rest is left for orders. */
const SHARE = 0.8;
const MINUTE_MS = 60_000;

/**
 * One for all REST users of a process: at most `concurrency` requests at once, the weight of a minute below
 * the budget, and silence while the venue asks for it (429, 418).
 */
export interface RestGate {
  /** Waits until a request of this weight may go; call the answer when it has ended. */
  enter(weight: number, signal: AbortSignal): Promise<() => void>;
  /** What the venue says was used in its current minute. */
  used(weight: number): void;
  budget(weightPerMinute: number): void;
  /** Nothing goes before this many milliseconds from now. */
  pause(ms: number): void;
  usedWeight(): number;
  pausedUntil(): number;
}

export function createRestGate(
  clock: Clock,
  limits: { concurrency: number; weightPerMinute: number },
): RestGate {
  let running = 0;
  let budget = limits.weightPerMinute * SHARE;
  let minute = 0;
  let weightUsed = 0;
  let pausedUntil = 0;
  let cancelTimer: (() => void) | null = null;
  const waiting: { weight: number; go: () => void }[] = [];

  function roll(): void {
    const current = Math.floor(clock.now() / MINUTE_MS);
    if (current !== minute) {
      minute = current;
      weightUsed = 0;
    }
  }

  function admit(): void {
    cancelTimer?.();
    cancelTimer = null;
    for (;;) {
      const next = waiting[0];
      if (!next || running >= limits.concurrency) return;
      const waitMs = waitFor(next.weight);
      if (waitMs > 0) {
        cancelTimer = clock.after(waitMs, admit);
        return;
      }
      waiting.shift();
      running += 1;
      weightUsed += next.weight;
      next.go();
    }
  }

  function waitFor(weight: number): number {
    roll();
    const now = clock.now();
    if (now < pausedUntil) return pausedUntil - now;
    // A single request above the whole budget may still go, alone.
    if (weightUsed > 0 && weightUsed + weight > budget) return (minute + 1) * MINUTE_MS - now;
    return 0;
  }

  function leave(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      running -= 1;
      admit();
    };
  }

  return {
    enter(weight, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const entry = {
          weight,
          go: () => {
            signal.removeEventListener('abort', abort);
            resolve(leave());
          },
        };
        const abort = () => {
          const place = waiting.indexOf(entry);
          if (place >= 0) waiting.splice(place, 1);
          reject(signal.reason);
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(entry);
        admit();
      });
    },
    used(weight) {
      roll();
      weightUsed = Math.max(weightUsed, weight);
    },
    budget(weightPerMinute) {
      budget = weightPerMinute * SHARE;
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      admit();
    },
    usedWeight() {
      roll();
      return weightUsed;
    },
    pausedUntil: () => pausedUntil,
  };
}
