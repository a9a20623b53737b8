import type { Interval } from './interval.ts';
import type { Kline } from './kline.ts';
import type { TradedPair } from './traded-pair.ts';

/** One sequence of bars. `offsetMs` shifts the bar borders (time zone variants). */
export interface Series {
  symbol: string;
  interval: Interval;
  offsetMs: number;
}

/**
 * What the venue knows about its market, as pure functions of venue time. Implemented by the seeded market and
 * by recorded files; REST and the socket read nothing else, so they cannot disagree.
 */
export interface MarketSource {
  readonly symbols: readonly TradedPair[];
  /** Whether the venue has such bars at all. */
  has(series: Series): boolean;
  /** Open time of the last bar that opened at or before `time`. */
  barAtOrBefore(series: Series, time: number): number | undefined;
  /** Open time of the first bar that opens after `time`. Bars the venue never had are passed over. */
  barAfter(series: Series, time: number): number | undefined;
  /** Last millisecond of that bar. */
  closeTime(series: Series, openTime: number): number;
  /** The bar as known at `now`: complete from its close time on, forming before. `openTime` is a bar's. */
  bar(series: Series, openTime: number, now: number): Kline;
}
