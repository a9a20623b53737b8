import { VENUES, type Venue } from '@onefeed/contracts';

/** A feed that has said nothing for this long is stale: the gateway speaks every second while it is live. */
const SILENCE_MS = 10_000;

/** The market clocks: bots know no other time. */
export interface VenueClocks {
  /** The venue's time as the feed says it. Followed as it comes: a replay may start over. */
  hear(venue: Venue, at: number): void;
  /** Market time; 0 before the feed was first heard. */
  time(venue: Venue): number;
  /** True when the feed has been silent too long, or was never heard. */
  stale(venue: Venue): boolean;
  /** Resolves when the feed was heard at least once, after `patienceMs`, or when the signal aborts. */
  heard(venue: Venue, patienceMs: number, signal: AbortSignal): Promise<void>;
}

/** `monotonicNow` measures silence only; nothing is decided on its value. */
export function createVenueClocks(monotonicNow: () => number): VenueClocks {
  const times = new Map<Venue, { at: number; heardAt: number }>();
  const waiting = new Map<Venue, Set<() => void>>(VENUES.map((venue) => [venue, new Set()]));
  return {
    hear(venue, at) {
      times.set(venue, { at, heardAt: monotonicNow() });
      for (const wake of waiting.get(venue) ?? []) wake();
    },
    time: (venue) => times.get(venue)?.at ?? 0,
    stale(venue) {
      const last = times.get(venue);
      return last === undefined || monotonicNow() - last.heardAt > SILENCE_MS;
    },
    heard(venue, patienceMs, signal) {
      if (times.has(venue) || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wakers = waiting.get(venue);
        const wake = () => {
          clearTimeout(timer);
          wakers?.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, patienceMs);
        wakers?.add(wake);
        signal.addEventListener('abort', wake);
      });
    },
  };
}
