import type { Kline } from './kline.ts';
import type { MarketSource, Series } from './market-source.ts';

export interface KlineRange {
  /** Both on the open time and inclusive. */
  startTime?: number;
  endTime?: number;
  limit: number;
}

/**
 * The bars a `GET /klines` answers with, ascending. With `startTime` the oldest from there, without it the
 * newest up to `endTime`; the last one may still be forming.
 */
export function queryKlines(source: MarketSource, series: Series, range: KlineRange, now: number): Kline[] {
  const last = source.barAtOrBefore(series, Math.min(now, range.endTime ?? now));
  if (last === undefined) return [];
  const openTimes: number[] = [];
  if (range.startTime === undefined) {
    let at: number | undefined = last;
    while (at !== undefined && openTimes.length < range.limit) {
      openTimes.push(at);
      at = source.barAtOrBefore(series, at - 1);
    }
    openTimes.reverse();
  } else {
    let at = source.barAfter(series, range.startTime - 1);
    while (at !== undefined && at <= last && openTimes.length < range.limit) {
      openTimes.push(at);
      at = source.barAfter(series, at);
    }
  }
  return openTimes.map((openTime) => source.bar(series, openTime, now));
}
