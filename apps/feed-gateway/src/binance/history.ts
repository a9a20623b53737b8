import type { Candle } from '@onefeed/contracts';
import { type BinanceRestClient, type HistoryBar, KLINES_PAGE } from '@onefeed/venues';
import type { Series } from './series.ts';

export interface HistoryDeps {
  rest: BinanceRestClient;
  /** Candles to read when nothing is stored yet. */
  historyCandles: number;
  /** Stores a page, ascending; the next page is read when it resolves. */
  store(candles: Candle[]): Promise<void>;
}

/**
 * Reads what the venue closed since `from` (the newest stored candle, read again: history beats stream), or
 * the newest candles when nothing is stored. Stores it page by page in ascending order. Returns the open time
 * of the newest closed candle, null when the venue has none, and the venue's time.
 *
 * Closed means closed before the venue's clock *as read before the bars*, never our clock: a simulated or
 * replayed venue lives in another time.
 */
export async function readHistory(
  series: Pick<Series, 'instrument' | 'timeframe'>,
  from: number | null,
  deps: HistoryDeps,
  signal: AbortSignal,
): Promise<{ lastOpenTime: number | null; venueTime: number }> {
  const { rest } = deps;
  const { instrument, timeframe } = series;
  const venueTime = await rest.time(signal);
  // What is stored but lies in the venue's future is another market's: the venue was reset.
  if (from === null || from >= venueTime) {
    const bars = closed(
      await rest.newestKlines({ instrument, timeframe }, deps.historyCandles + 1, signal),
      venueTime,
    );
    const newest = bars.slice(-deps.historyCandles);
    if (newest.length > 0) await deps.store(newest);
    return { lastOpenTime: newest.at(-1)?.openTime ?? null, venueTime };
  }
  let lastOpenTime: number | null = from;
  let startTime = from;
  for (;;) {
    const page = await rest.klines({ instrument, timeframe, startTime, limit: KLINES_PAGE }, signal);
    const bars = closed(page, venueTime);
    if (bars.length > 0) await deps.store(bars);
    lastOpenTime = bars.at(-1)?.openTime ?? lastOpenTime;
    const lastOfPage = page.at(-1);
    if (page.length < KLINES_PAGE || !lastOfPage) return { lastOpenTime, venueTime };
    startTime = lastOfPage.candle.openTime + 1;
  }
}

function closed(bars: readonly HistoryBar[], venueTime: number): Candle[] {
  return bars.filter((bar) => bar.closeTime < venueTime).map((bar) => bar.candle);
}
