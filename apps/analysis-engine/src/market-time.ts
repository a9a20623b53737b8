import type { Venue } from '@onefeed/contracts';

/** The time of each venue, as far as its prices and candles tell: no clock of this machine is asked. */
export interface MarketTime {
  of(venue: Venue): number | undefined;
  /** The first time that was known of the venue: what closed before it is history. */
  since(venue: Venue): number | undefined;
  /** Time never goes back. */
  advance(venue: Venue, timeMs: number): void;
}

export function createMarketTime(): MarketTime {
  const times = new Map<Venue, number>();
  const firstTimes = new Map<Venue, number>();
  return {
    of: (venue) => times.get(venue),
    since: (venue) => firstTimes.get(venue),
    advance(venue, timeMs) {
      if (!firstTimes.has(venue)) firstTimes.set(venue, timeMs);
      times.set(venue, Math.max(timeMs, times.get(venue) ?? 0));
    },
  };
}
