import { type Candle, InstrumentName, TIMEFRAME_MS, Timeframe } from '@onefeed/contracts';
import { Compile } from 'typebox/compile';
import { acknowledgedFrame, combinedFrame, klineFrame, refusedFrame, serverShutdownFrame } from './frames.ts';

const timeframe = Compile(Timeframe);
const instrumentName = Compile(InstrumentName);

/** What a frame means. `bad` frames are counted by reason and skipped; reasons are few, they label a metric. */
export type BinanceFrame =
  | { kind: 'candle'; candle: Candle; eventTime: number }
  | { kind: 'acknowledged'; id: number }
  | { kind: 'refused'; code: number; message: string }
  | { kind: 'shutdown' }
  | { kind: 'bad'; reason: BinanceBadReason };

export type BinanceBadReason =
  | 'not_json'
  | 'unknown_frame'
  | 'wrong_shape'
  | 'unknown_instrument'
  | 'unknown_timeframe'
  | 'contradiction'
  | 'misaligned'
  | 'implausible_price';

const bad = (reason: BinanceBadReason): BinanceFrame => ({ kind: 'bad', reason });

/** Maps a text frame of a raw or combined stream. Filters, never coerces; numbers stay the venue's texts. */
export function mapFrame(text: string): BinanceFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return bad('not_json');
  }
  if (combinedFrame.Check(frame)) return mapEvent(frame.data, frame.stream);
  if (acknowledgedFrame.Check(frame)) return { kind: 'acknowledged', id: frame.id };
  if (refusedFrame.Check(frame)) return { kind: 'refused', code: frame.code, message: frame.msg };
  return mapEvent(frame, null);
}

function mapEvent(event: unknown, stream: string | null): BinanceFrame {
  if (serverShutdownFrame.Check(event)) return { kind: 'shutdown' };
  if (typeof event !== 'object' || event === null || !('e' in event) || event.e !== 'kline') {
    return bad('unknown_frame');
  }
  if (!klineFrame.Check(event)) return bad('wrong_shape');
  const bar = event.k;
  if (!timeframe.Check(bar.i)) return bad('unknown_timeframe');
  if (!instrumentName.Check(bar.s)) return bad('unknown_instrument');
  if (event.s !== bar.s || (stream !== null && stream !== streamName(bar.s, bar.i)))
    return bad('contradiction');
  const length = TIMEFRAME_MS[bar.i];
  if (bar.t % length !== 0 || bar.T < bar.t || bar.T >= bar.t + length) return bad('misaligned');
  // A bar is told of while it forms, and is closed only after its last millisecond.
  if (event.E < (bar.x ? bar.T : bar.t)) return bad('contradiction');
  if (!isPlausible(bar.o, bar.h, bar.l, bar.c)) return bad('implausible_price');
  return {
    kind: 'candle',
    eventTime: event.E,
    candle: {
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
    },
  };
}

/** The venue's name of a candle stream, e.g. `btcusdt@kline_1m`. */
export function streamName(instrument: string, interval: Timeframe): string {
  return `${instrument.toLowerCase()}@kline_${interval}`;
}

/**
 * Prices are positive and low <= open, close <= high. Rounding to floats keeps order (a <= b gives
 * Number(a) <= Number(b)), so this never refuses a right bar.
 */
export function isPlausible(open: string, high: string, low: string, close: string): boolean {
  const top = Number(high);
  const bottom = Number(low);
  return (
    bottom > 0 &&
    Number(open) <= top &&
    Number(open) >= bottom &&
    Number(close) <= top &&
    Number(close) >= bottom
  );
}
