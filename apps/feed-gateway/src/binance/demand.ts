import type { Timeframe } from '@onefeed/contracts';
import type { DemandedStream } from '@onefeed/db/market';
import type { BinanceStream } from '@onefeed/venues';
import { seriesKey } from './series.ts';

/** A stream nobody wants any more stays open this long: people come back. */
const LINGER_MS = 60_000;

export interface DemandOptions {
  instruments: readonly string[];
  timeframes: readonly Timeframe[];
}

/** Turns leases into the set of streams to follow. */
export function createDemand(options: DemandOptions) {
  const wantedUntil = new Map<string, { stream: BinanceStream; until: number }>();

  return {
    /**
     * The streams to follow now, always-on ones first, then by age of the wish. `known` are the venue's
     * symbols: others are counted and passed over. `wallTime` only measures the linger.
     */
    update(
      leases: readonly DemandedStream[],
      known: ReadonlySet<string>,
      wallTime: number,
    ): { streams: BinanceStream[]; unknown: number } {
      let unknown = 0;
      const want = (stream: BinanceStream) => {
        if (known.has(stream.instrument)) {
          wantedUntil.set(seriesKey(stream.instrument, stream.timeframe), {
            stream,
            until: wallTime + LINGER_MS,
          });
        } else unknown += 1;
      };
      for (const instrument of options.instruments) {
        for (const timeframe of options.timeframes) want({ instrument, timeframe });
      }
      for (const { venue, instrument, timeframe } of leases) {
        if (venue === 'binance') want({ instrument, timeframe });
      }
      for (const [key, { until }] of wantedUntil) if (until <= wallTime) wantedUntil.delete(key);
      return { streams: [...wantedUntil.values()].map(({ stream }) => stream), unknown };
    },
  };
}
