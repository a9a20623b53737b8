import type { Venue } from '@onefeed/contracts';

/** The time of each venue, as far as its prices and candles tell: no clock of this machine is asked. */
export interface MarketTime {
  of(venue: Venue): number | undefined;
  /** Time never goes back. */
  advance(venue: Venue, timeMs: number): void;
}

export function createMarketTime(): MarketTime {
  const times = new Map<Venue, number>();
  return {
    of: (venue) => times.get(venue),
    advance(venue, timeMs) {
      times.set(venue, Math.max(timeMs, times.get(venue) ?? 0));
    },
  };
}
