import type { Clock } from '../connection/clock.ts';

/** Who goes first: orders and exits, then what heals a gap, then histories. */
export const REST_PRIORITIES = ['order', 'gap', 'history'] as const;
export type RestPriority = (typeof REST_PRIORITIES)[number];

/** Share of the venue's weight of a minute that each may use up to; the rest is left for those before it. */
const SHARE: Readonly<Record<RestPriority, number>> = { order: 1, gap: 0.9, history: 0.8 };
const MINUTE_MS = 60_000;

/**
 * One for all REST users of a process: at most `concurrency` requests at once (orders wait for none), the weight
 * of a minute below the budget, and silence while the venue asks for it (429, 418). What waits is bounded by its
 * users: a series or an order waits with one request.
 */
export interface RestGate {
  /** Waits until a request of this weight may go; call the answer when it has ended. Rejects when aborted. */
  enter(weight: number, signal: AbortSignal, priority?: RestPriority): Promise<() => void>;
  /** What the venue says was used in its current minute. */
  used(weight: number): void;
  budget(weightPerMinute: number): void;
  /** Nothing goes before this many milliseconds from now. */
  pause(ms: number): void;
  usedWeight(): number;
  /** Weight the venue allows a minute. */
  weightPerMinute(): number;
  pausedUntil(): number;
  waiting(): number;
}

interface Waiting {
  weight: number;
  go(): void;
}

export function createRestGate(
  clock: Clock,
  limits: { concurrency: number; weightPerMinute: number },
): RestGate {
  let running = 0;
  let budget = limits.weightPerMinute;
  let minute = 0;
  let weightUsed = 0;
  let pausedUntil = 0;
  let cancelTimer: (() => void) | null = null;
  const queues: Record<RestPriority, Waiting[]> = { order: [], gap: [], history: [] };

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
    let waitMs = Number.POSITIVE_INFINITY;
    for (const priority of REST_PRIORITIES) {
      const queue = queues[priority];
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        if (priority !== 'order' && running >= limits.concurrency) break;
        const nextMs = waitFor(next.weight, priority);
        if (nextMs > 0) {
          waitMs = Math.min(waitMs, nextMs);
          break;
        }
        queue.shift();
        running += 1;
        weightUsed += next.weight;
        next.go();
      }
      // Those behind never overtake: a small history must not eat what a gap waits for.
      if (queue.length > 0) break;
    }
    if (Number.isFinite(waitMs)) cancelTimer = clock.after(waitMs, admit);
  }

  function waitFor(weight: number, priority: RestPriority): number {
    roll();
    const now = clock.now();
    if (now < pausedUntil) return pausedUntil - now;
    // A single request above the whole budget may still go, alone.
    if (weightUsed > 0 && weightUsed + weight > budget * SHARE[priority]) {
      return (minute + 1) * MINUTE_MS - now;
    }
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
    enter(weight, signal, priority = 'history') {
      const queue = queues[priority];
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
          const place = queue.indexOf(entry);
          if (place >= 0) queue.splice(place, 1);
          reject(signal.reason);
          admit();
        };
        signal.addEventListener('abort', abort, { once: true });
        queue.push(entry);
        admit();
      });
    },
    used(weight) {
      roll();
      weightUsed = Math.max(weightUsed, weight);
    },
    budget(weightPerMinute) {
      budget = weightPerMinute;
      admit();
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      admit();
    },
    usedWeight() {
      roll();
      return weightUsed;
    },
    weightPerMinute: () => budget,
    pausedUntil: () => pausedUntil,
    waiting: () => REST_PRIORITIES.reduce((sum, priority) => sum + queues[priority].length, 0),
  };
}
