import type { Timeframe } from '@onefeed/contracts';
import type { DemandedStream } from '@onefeed/db/market';
import type { BinanceStream } from '@onefeed/venues';
import { seriesKey } from './series.ts';

/** A stream nobody wants any more stays open this long: people come back. */
const LINGER_MS = 60_000;
/** Closed candles read of a stream at most, whatever a holder wishes. */
export const MAX_HISTORY = 10_000;

/** A stream to follow, and how many closed candles its readers compute from. */
export interface FollowedStream extends BinanceStream {
  historyCandles: number;
}

export interface DemandOptions {
  instruments: readonly string[];
  timeframes: readonly Timeframe[];
}

/** Turns leases into the set of streams to follow. */
export function createDemand(options: DemandOptions) {
  const wantedUntil = new Map<string, { stream: FollowedStream; until: number }>();

  return {
    /**
     * The streams to follow now, always-on ones first, then by age of the wish. `known` are the venue's
     * symbols: others are counted and passed over. `wallTime` only measures the linger.
     */
    update(
      leases: readonly DemandedStream[],
      known: ReadonlySet<string>,
      wallTime: number,
    ): { streams: FollowedStream[]; unknown: number } {
      let unknown = 0;
      const want = (stream: BinanceStream, historyCandles = 0) => {
        if (!known.has(stream.instrument)) {
          unknown += 1;
          return;
        }
        const key = seriesKey(stream.instrument, stream.timeframe);
        const wanted = wantedUntil.get(key);
        // What was wanted once in its life is not unread: the longest wish stays.
        const deepest = Math.min(MAX_HISTORY, Math.max(historyCandles, wanted?.stream.historyCandles ?? 0));
        wantedUntil.set(key, {
          stream: { ...stream, historyCandles: deepest },
          until: wallTime + LINGER_MS,
        });
      };
      for (const instrument of options.instruments) {
        for (const timeframe of options.timeframes) want({ instrument, timeframe });
      }
      for (const { venue, instrument, timeframe, historyCandles } of leases) {
        if (venue === 'binance') want({ instrument, timeframe }, historyCandles);
      }
      for (const [key, { until }] of wantedUntil) if (until <= wallTime) wantedUntil.delete(key);
      return { streams: [...wantedUntil.values()].map(({ stream }) => stream), unknown };
    },
  };
}
