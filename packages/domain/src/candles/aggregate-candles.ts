import { type Candle, TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';
import { type Amount, formatAmount, parseAmount } from '../money/amount.ts';

/**
 * Adds candles of one series up to a longer timeframe, exactly as the venue does: the figures of its own larger
 * candles come out to the last digit. `candles` are closed, ascending by open time, of a timeframe that divides
 * `timeframe`; RangeError otherwise. A period without any candle stays a hole.
 *
 * A candle without trades repeats the price before it. So it does not count for open, high, low and close when
 * another of its period has trades.
 *
 * The newest period is `closed` when its last candle reaches its end; the others are over. The first may lack
 * what came before `candles` begin: that is for the caller to know.
 */
export function aggregateCandles(candles: readonly Candle[], timeframe: Timeframe): Candle[] {
  const length = TIMEFRAME_MS[timeframe];
  const result: Candle[] = [];
  let from = 0;
  while (from < candles.length) {
    const first = candles[from];
    if (first === undefined) break;
    const openTime = first.openTime - (first.openTime % length);
    let to = from;
    let last = first;
    for (; to < candles.length; to += 1) {
      const candle = candles[to];
      if (candle === undefined || candle.openTime >= openTime + length) break;
      check(candle, to > from ? last : null, first, length);
      last = candle;
    }
    const reachesEnd = last.openTime + TIMEFRAME_MS[last.timeframe] >= openTime + length;
    const closed = to < candles.length || reachesEnd;
    result.push({ ...sum(candles.slice(from, to)), timeframe, openTime, closed });
    from = to;
  }
  return result;
}

function check(candle: Candle, before: Candle | null, first: Candle, length: number): void {
  if (candle.instrument !== first.instrument || candle.timeframe !== first.timeframe) {
    throw new RangeError('candles of several series');
  }
  if (length % TIMEFRAME_MS[candle.timeframe] !== 0) {
    throw new RangeError(`candles of ${candle.timeframe} do not add up to the timeframe`);
  }
  if (!candle.closed) throw new RangeError('a candle that still forms');
  if (before !== null && candle.openTime <= before.openTime) throw new RangeError('candles out of order');
}

/** One candle out of those of a period; there is at least one. */
function sum(candles: readonly Candle[]): Candle {
  const traded = candles.filter(({ trades }) => trades > 0);
  const pricing = traded.length > 0 ? traded : candles;
  const first = pricing[0];
  const last = pricing.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a period without a candle');
  let high = first.high;
  let low = first.low;
  for (const candle of pricing) {
    if (parseAmount(candle.high) > parseAmount(high)) high = candle.high;
    if (parseAmount(candle.low) < parseAmount(low)) low = candle.low;
  }
  return {
    ...first,
    open: first.open,
    high,
    low,
    close: last.close,
    volume: total(candles.map(({ volume }) => volume)),
    quoteVolume: total(candles.map(({ quoteVolume }) => quoteVolume)),
    trades: candles.reduce((count, { trades }) => count + trades, 0),
  };
}

/** Exact, with as many decimals as the most precise of the texts: the venue's own form. */
function total(texts: readonly string[]): string {
  let amount: Amount = 0n;
  let decimals = 0;
  for (const text of texts) {
    amount += parseAmount(text);
    const point = text.indexOf('.');
    if (point >= 0) decimals = Math.max(decimals, text.length - point - 1);
  }
  const plain = formatAmount(amount);
  if (decimals === 0) return plain;
  const [whole = '0', fraction = ''] = plain.split('.');
  return `${whole}.${fraction.padEnd(decimals, '0')}`;
}
