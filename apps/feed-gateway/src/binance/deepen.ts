import type { CandlesRepository } from '@onefeed/db';
import type { BinanceRestClient } from '@onefeed/venues';
import type { CandleSync } from './candle-sync.ts';
import type { CandleWriter } from './candle-writer.ts';
import { closed, missingBetween } from './history.ts';
import type { HoleKeeper } from './hole-keeper.ts';
import type { VenueTime } from './venue-time.ts';

/** One transaction of the writer. */
const STORE_BATCH = 1_000;

export interface DeepenDeps {
  sync: Pick<CandleSync, 'shallow'>;
  rest: Pick<BinanceRestClient, 'newestKlines'>;
  venueTime: VenueTime;
  candles: Pick<CandlesRepository, 'depth'>;
  writer: Pick<CandleWriter, 'store'>;
  holes: Pick<HoleKeeper, 'found'>;
  signal: AbortSignal;
}

/**
 * Reads older candles of the series whose readers compute from more than is stored, one series after another and
 * behind every gap. Throws what the venue or Postgres does; call it again.
 */
export async function deepenHistories(deps: DeepenDeps): Promise<void> {
  const { signal } = deps;
  for (const one of deps.sync.shallow()) {
    if (signal.aborted) return;
    const { instrument, timeframe, historyWanted } = one;
    const depth = await deps.candles.depth({ venue: 'binance', instrument, timeframe }, historyWanted);
    const missing = historyWanted - depth.count;
    if (missing > 0 && depth.oldestOpenTime !== null) {
      const venueTime = await deps.venueTime.read();
      const query = {
        instrument,
        timeframe,
        endTime: depth.oldestOpenTime - 1,
        priority: 'history',
      } as const;
      const bars = closed(await deps.rest.newestKlines(query, missing, signal), venueTime);
      await deps.holes.found(one, missingBetween(null, bars, timeframe));
      // Newest first: what an interruption leaves out is older than all that is stored, so the next try reads it.
      for (let end = bars.length; end > 0; end -= STORE_BATCH) {
        await deps.writer.store(bars.slice(Math.max(0, end - STORE_BATCH), end), 'history');
      }
    }
    one.historyRead = historyWanted;
  }
}
