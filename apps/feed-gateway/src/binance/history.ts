import { type Candle, TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';
import { type BinanceRestClient, type HistoryBar, KLINES_PAGE } from '@onefeed/venues';
import type { Series } from './series.ts';

export interface HistoryDeps {
  rest: Pick<BinanceRestClient, 'klines' | 'newestKlines'>;
  /** The venue's clock, read after this call, ms. */
  readVenueTime(): Promise<number>;
  /** Candles to read when nothing is stored yet. */
  historyCandles: number;
  /** Stores a page, ascending; the next page is read when it resolves. */
  store(candles: Candle[]): Promise<void>;
  /** Told, before the candles around them are stored, what the venue has not. */
  foundHoles(holes: MissingRange[]): Promise<void>;
}

/** Open times the venue's history does not have, both ends missing, ms. */
export interface MissingRange {
  fromOpenTime: number;
  toOpenTime: number;
}

export interface HistoryRead {
  /** Open time of the newest closed candle; null when the venue has none. */
  lastOpenTime: number | null;
  venueTime: number;
}

/**
 * Reads what the venue closed since `from` (the newest stored candle, read again: history beats stream), or
 * the newest candles when nothing is stored. Stores it page by page in ascending order.
 *
 * Closed means closed before the venue's clock *as read before the bars*, never our clock: a simulated or
 * replayed venue lives in another time.
 */
export async function readHistory(
  series: Pick<Series, 'instrument' | 'timeframe'>,
  from: number | null,
  deps: HistoryDeps,
  signal: AbortSignal,
): Promise<HistoryRead> {
  const { rest } = deps;
  const { instrument, timeframe } = series;
  const venueTime = await deps.readVenueTime();
  // What is stored but lies in the venue's future is another market's: the venue was reset.
  if (from === null || from >= venueTime) {
    const query = { instrument, timeframe, priority: 'history' } as const;
    const bars = closed(await rest.newestKlines(query, deps.historyCandles + 1, signal), venueTime);
    const newest = bars.slice(-deps.historyCandles);
    await deps.foundHoles(missingBetween(null, newest, timeframe));
    if (newest.length > 0) await deps.store(newest);
    return { lastOpenTime: newest.at(-1)?.openTime ?? null, venueTime };
  }
  let lastOpenTime = from;
  let startTime = from;
  for (;;) {
    const query = { instrument, timeframe, startTime, limit: KLINES_PAGE, priority: 'gap' } as const;
    const page = await rest.klines(query, signal);
    const bars = closed(page, venueTime);
    // Before the candles: the next reading begins behind what is stored and would not find the hole.
    await deps.foundHoles(missingBetween(lastOpenTime, bars, timeframe));
    if (bars.length > 0) await deps.store(bars);
    lastOpenTime = bars.at(-1)?.openTime ?? lastOpenTime;
    const lastOfPage = page.at(-1);
    if (page.length < KLINES_PAGE || !lastOfPage) return { lastOpenTime, venueTime };
    startTime = lastOfPage.candle.openTime + 1;
  }
}

/** Ranges without a candle after `before` (exclusive; null: from the first candle on) among ascending candles. */
export function missingBetween(
  before: number | null,
  candles: readonly Candle[],
  timeframe: Timeframe,
): MissingRange[] {
  const step = TIMEFRAME_MS[timeframe];
  const ranges: MissingRange[] = [];
  let last = before;
  for (const { openTime } of candles) {
    if (last !== null && openTime > last + step) {
      ranges.push({ fromOpenTime: last + step, toOpenTime: openTime - step });
    }
    last = Math.max(last ?? openTime, openTime);
  }
  return ranges;
}

export function closed(bars: readonly HistoryBar[], venueTime: number): Candle[] {
  return bars.filter((bar) => bar.closeTime < venueTime).map((bar) => bar.candle);
}
