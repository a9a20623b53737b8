import { Candle, TIMEFRAME_MS } from '@onefeed/contracts';
import type { BinanceFrame } from '@onefeed/venues';
import Big from 'big.js';
import { Compile } from 'typebox/compile';

const candleSchema = Compile(Candle);
/** Postgres keeps the number of trades as int4. */
const MAX_TRADES = 2_147_483_647;

type Fields = Record<string, unknown>;

/**
 * Why a frame should not have become this candle; null when it should. Knows nothing of the mapper: it reads the
 * frame itself and holds the candle against it and against what any bar of the venue satisfies.
 */
export function faultOfCandle(
  text: string,
  mapped: Extract<BinanceFrame, { kind: 'candle' }>,
): string | null {
  const { candle, eventTime } = mapped;
  if (!candleSchema.Check(candle)) return 'the candle is not of its schema';
  const frame = JSON.parse(text) as Fields;
  const event = (typeof frame.data === 'object' ? frame.data : frame) as Fields;
  const bar = event.k as Fields;
  const expected = {
    venue: 'binance',
    instrument: bar.s,
    timeframe: bar.i,
    openTime: bar.t,
    open: bar.o,
    high: bar.h,
    low: bar.l,
    close: bar.c,
    volume: bar.v,
    quoteVolume: bar.q,
    trades: bar.n,
    closed: bar.x,
  };
  if (JSON.stringify(expected) !== JSON.stringify(candle)) return 'the candle says other than the frame';
  if (eventTime !== event.E) return "the event time is not the frame's";
  if (event.e !== 'kline' || event.s !== bar.s) return 'the frame contradicts itself';
  const length = TIMEFRAME_MS[candle.timeframe];
  if (candle.openTime % length !== 0) return 'a misaligned open time';
  const closeTime = Number(bar.T);
  if (closeTime < candle.openTime || closeTime >= candle.openTime + length)
    return 'a close time outside the bar';
  if (candle.closed && eventTime < closeTime) return 'closed before its close time';
  if (eventTime < candle.openTime) return 'an event before the bar opened';
  const [open, high, low, close] = [candle.open, candle.high, candle.low, candle.close].map(
    (value) => new Big(value),
  );
  if (!open || !high || !low || !close) return 'a price is missing';
  if (low.lte(0)) return 'a price that is not positive';
  if (open.lt(low) || open.gt(high) || close.lt(low) || close.gt(high))
    return 'open or close outside low..high';
  if (candle.trades > MAX_TRADES) return 'more trades than the table holds';
  return null;
}
