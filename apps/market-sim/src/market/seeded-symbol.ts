import { createBoundedCache } from './bounded-cache.ts';
import { createDayBlock, type DayBlock, dayOf, generateDay, TRADES_PER_DAY } from './day-block.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './interval.ts';
import { addPart, DECIMALS, emptyKline, type Kline } from './kline.ts';
import { createMinutePath, type MinuteBar } from './minute-path.ts';
import type { SymbolSpec } from './symbol-spec.ts';

/** The seeded market has bars from here on. A Friday, and the first of a month. */
export const HISTORY_START = Date.UTC(2021, 0, 1);

const CACHED_DAYS = 24;
const CACHED_MINUTE_PATHS = 16;
const MINUTES_PER_HOUR = 60;

/** Bars of one symbol over any span of time, made from one-minute bars and, inside a minute, its trades. */
export interface SeededSymbol {
  /** The bar of everything in [from, to), both ms. `closeTime` is stated by the caller. */
  span(from: number, to: number, closeTime: number): Kline;
}

export function createSeededSymbol(seed: number, spec: SymbolSpec): SeededSymbol {
  const priceScale = 10 ** (DECIMALS - spec.priceDecimals);
  const volumeScale = BigInt(10 ** (DECIMALS - spec.quantityDecimals));
  const quoteScale = BigInt(10 ** (DECIMALS - spec.priceDecimals - spec.quantityDecimals));
  const firstDay = dayOf(HISTORY_START);
  const dayBlock = createBoundedCache(CACHED_DAYS, (day: number) => generateDay(seed, spec, day));
  const minutePath = createBoundedCache(CACHED_MINUTE_PATHS, (minute: number) =>
    createMinutePath(minuteBar(minute), seed, spec.symbol, minute),
  );
  const scratch = createDayBlock();
  /** Hours of every day looked at; at most one entry per day since HISTORY_START. */
  const hoursOfDay = new Map<number, Kline[]>();

  function minuteBar(minute: number): MinuteBar {
    const day = Math.floor((minute * MINUTE_MS) / DAY_MS);
    const index = minute - day * (DAY_MS / MINUTE_MS);
    return barOf(dayBlock(day), day, index);
  }

  function barOf(block: DayBlock, day: number, index: number): MinuteBar {
    const before = block.tradesBefore[index] ?? 0;
    return {
      open: block.open[index] ?? 0,
      high: block.high[index] ?? 0,
      low: block.low[index] ?? 0,
      close: block.close[index] ?? 0,
      volume: block.volume[index] ?? 0,
      quoteVolume: block.quoteVolume[index] ?? 0,
      takerVolume: block.takerVolume[index] ?? 0,
      takerQuoteVolume: block.takerQuoteVolume[index] ?? 0,
      trades: (block.tradesBefore[index + 1] ?? 0) - before,
      firstTradeId: (day - firstDay) * TRADES_PER_DAY + before,
    };
  }

  function toKline(bar: MinuteBar, openTime: number): Kline {
    return {
      openTime,
      closeTime: openTime + MINUTE_MS - 1,
      open: bar.open * priceScale,
      high: bar.high * priceScale,
      low: bar.low * priceScale,
      close: bar.close * priceScale,
      volume: BigInt(bar.volume) * volumeScale,
      quoteVolume: BigInt(bar.quoteVolume) * quoteScale,
      trades: bar.trades,
      takerBaseVolume: BigInt(bar.takerVolume) * volumeScale,
      takerQuoteVolume: BigInt(bar.takerQuoteVolume) * quoteScale,
      firstTradeId: bar.trades === 0 ? -1 : bar.firstTradeId,
      lastTradeId: bar.trades === 0 ? -1 : bar.firstTradeId + bar.trades - 1,
    };
  }

  /** Sums an hour in plain numbers (safe: an hour's quote amount is below 1e15 units), then converts once. */
  function hourBar(block: DayBlock, day: number, hour: number): Kline {
    const first = hour * MINUTES_PER_HOUR;
    const sum = barOf(block, day, first);
    let traded = sum.trades > 0;
    for (let index = first + 1; index < first + MINUTES_PER_HOUR; index += 1) {
      const volume = block.volume[index] ?? 0;
      if (volume === 0) continue;
      const high = block.high[index] ?? 0;
      const low = block.low[index] ?? 0;
      if (!traded) {
        sum.open = block.open[index] ?? 0;
        sum.high = high;
        sum.low = low;
        traded = true;
      } else {
        if (high > sum.high) sum.high = high;
        if (low < sum.low) sum.low = low;
      }
      sum.close = block.close[index] ?? 0;
      sum.volume += volume;
      sum.quoteVolume += block.quoteVolume[index] ?? 0;
      sum.takerVolume += block.takerVolume[index] ?? 0;
      sum.takerQuoteVolume += block.takerQuoteVolume[index] ?? 0;
    }
    sum.trades = (block.tradesBefore[first + MINUTES_PER_HOUR] ?? 0) - (block.tradesBefore[first] ?? 0);
    return toKline(sum, day * DAY_MS + hour * HOUR_MS);
  }

  function hours(day: number): Kline[] {
    let bars = hoursOfDay.get(day);
    if (!bars) {
      const block = generateDay(seed, spec, day, scratch);
      bars = Array.from({ length: 24 }, (_, hour) => hourBar(block, day, hour));
      hoursOfDay.set(day, bars);
    }
    return bars;
  }

  /** What the trades of a minute inside [from, to) add up to. */
  function partOfMinute(minute: number, from: number, to: number): Kline {
    const path = minutePath(minute);
    const start = minute * MINUTE_MS;
    const first = firstAtOrAfter(path.offsetMs, from - start);
    const end = firstAtOrAfter(path.offsetMs, to - start);
    if (end <= first) return emptyKline(from, to - 1, lastPriceBefore(minute, first));
    const { bar, price, volumeThrough, quoteVolumeThrough } = path;
    let high = price[first] ?? 0;
    let low = high;
    for (let index = first + 1; index < end; index += 1) {
      high = Math.max(high, price[index] ?? 0);
      low = Math.min(low, price[index] ?? 0);
    }
    const between = (through: Float64Array) =>
      (through[end - 1] ?? 0) - (first === 0 ? 0 : (through[first - 1] ?? 0));
    const takerThrough = (total: number, index: number) =>
      index < 0 ? 0 : Math.floor(total * ((volumeThrough[index] ?? 0) / bar.volume));
    const takerBetween = (total: number) => takerThrough(total, end - 1) - takerThrough(total, first - 1);
    return toKline(
      {
        open: price[first] ?? 0,
        high,
        low,
        close: price[end - 1] ?? 0,
        volume: between(volumeThrough),
        quoteVolume: between(quoteVolumeThrough),
        takerVolume: takerBetween(bar.takerVolume),
        takerQuoteVolume: takerBetween(bar.takerQuoteVolume),
        trades: end - first,
        firstTradeId: bar.firstTradeId + first,
      },
      from,
    );
  }

  function lastPriceBefore(minute: number, tradeIndex: number): number {
    const ticks =
      tradeIndex > 0 ? (minutePath(minute).price[tradeIndex - 1] ?? 0) : minuteBar(minute - 1).close;
    return ticks * priceScale;
  }

  /** The largest whole part that starts at `at` and ends by `to`. */
  function partAt(at: number, to: number): { part: Kline; end: number } {
    if (at % HOUR_MS === 0 && at + HOUR_MS <= to) {
      const day = dayOf(at);
      const part = hours(day)[(at - day * DAY_MS) / HOUR_MS];
      if (part) return { part, end: at + HOUR_MS };
    }
    const minute = Math.floor(at / MINUTE_MS);
    const minuteEnd = (minute + 1) * MINUTE_MS;
    if (at % MINUTE_MS === 0 && minuteEnd <= to)
      return { part: toKline(minuteBar(minute), at), end: minuteEnd };
    const end = Math.min(minuteEnd, to);
    return { part: partOfMinute(minute, at, end), end };
  }

  return {
    span(from, to, closeTime) {
      if (to <= from) {
        const price = partOfMinute(Math.floor(from / MINUTE_MS), from, from).close;
        return emptyKline(from, closeTime, price);
      }
      const first = partAt(from, to);
      const bar: Kline = { ...first.part, openTime: from, closeTime };
      for (let at = first.end; at < to; ) {
        const { part, end } = partAt(at, to);
        addPart(bar, part);
        at = end;
      }
      return bar;
    },
  };
}

function firstAtOrAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
