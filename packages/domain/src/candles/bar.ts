import { type Candle, TIMEFRAME_MS } from '@onefeed/contracts';

/** A candle's figures as floats: what indicators compute on. Never used for money. */
export interface Bar {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** The floats of a candle. */
export function toBar(candle: Candle): Bar {
  return {
    openTime: candle.openTime,
    open: Number(candle.open),
    high: Number(candle.high),
    low: Number(candle.low),
    close: Number(candle.close),
    volume: Number(candle.volume),
  };
}

/** The instant a candle closes, in ms: the first moment that no longer belongs to it. */
export function closeTimeOf(candle: Pick<Candle, 'openTime' | 'timeframe'>): number {
  return candle.openTime + TIMEFRAME_MS[candle.timeframe];
}

/**
 * The order in which candles of several timeframes are replayed: by close time, and at one instant the
 * longest first, so that a replay meets them as a live feed would.
 */
export function byCloseTime(
  a: Pick<Candle, 'openTime' | 'timeframe'>,
  b: Pick<Candle, 'openTime' | 'timeframe'>,
): number {
  return closeTimeOf(a) - closeTimeOf(b) || TIMEFRAME_MS[b.timeframe] - TIMEFRAME_MS[a.timeframe];
}
