import { type Kline, SCALE } from './kline.ts';

/** Recorded bars of one symbol and interval, ascending by open time, each open time once. */
export interface RecordedRows {
  readonly length: number;
  openTime(index: number): number;
  closeTime(index: number): number;
  row(index: number): Kline;
  /** Index of the first row that opens at or after `time`; `length` when none does. */
  firstAtOrAfter(time: number): number;
}

/** Columns instead of objects: a year of minutes is half a million rows. */
export function createRecordedRows(bars: readonly Kline[]): RecordedRows {
  const sorted = [...bars].sort((left, right) => left.openTime - right.openTime);
  const unique = sorted.filter((bar, index) => bar.openTime !== sorted[index - 1]?.openTime);
  const length = unique.length;
  const numbers = (pick: (bar: Kline) => number) => Float64Array.from(unique, pick);
  const amounts = (pick: (bar: Kline) => bigint) => BigInt64Array.from(unique, pick);
  const openTimes = numbers((bar) => bar.openTime);
  const closeTimes = numbers((bar) => bar.closeTime);
  const opens = numbers((bar) => bar.open);
  const highs = numbers((bar) => bar.high);
  const lows = numbers((bar) => bar.low);
  const closes = numbers((bar) => bar.close);
  const trades = numbers((bar) => bar.trades);
  const volumes = amounts((bar) => bar.volume);
  const quoteVolumes = amounts((bar) => bar.quoteVolume);
  const takerBaseVolumes = amounts((bar) => bar.takerBaseVolume);
  const takerQuoteVolumes = amounts((bar) => bar.takerQuoteVolume);
  /** Files have no trade ids; counting trades from the first row on gives ids that join without gaps. */
  const tradesBefore = new Float64Array(length + 1);
  for (let index = 0; index < length; index += 1) {
    tradesBefore[index + 1] = (tradesBefore[index] ?? 0) + (trades[index] ?? 0);
  }

  return {
    length,
    openTime: (index) => openTimes[index] ?? Number.NaN,
    closeTime: (index) => closeTimes[index] ?? Number.NaN,
    row(index) {
      const count = trades[index] ?? 0;
      const firstTradeId = tradesBefore[index] ?? 0;
      return {
        openTime: openTimes[index] ?? 0,
        closeTime: closeTimes[index] ?? 0,
        open: opens[index] ?? 0,
        high: highs[index] ?? 0,
        low: lows[index] ?? 0,
        close: closes[index] ?? 0,
        volume: volumes[index] ?? 0n,
        quoteVolume: quoteVolumes[index] ?? 0n,
        trades: count,
        takerBaseVolume: takerBaseVolumes[index] ?? 0n,
        takerQuoteVolume: takerQuoteVolumes[index] ?? 0n,
        firstTradeId: count === 0 ? -1 : firstTradeId,
        lastTradeId: count === 0 ? -1 : firstTradeId + count - 1,
      };
    },
    firstAtOrAfter(time) {
      let low = 0;
      let high = length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((openTimes[middle] ?? 0) < time) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/**
 * The row as it might have looked when only `share` of its time had passed: open, then the extreme nearer to
 * the open, the other extreme, close, in straight lines; amounts grow evenly. Only the whole row is recorded,
 * so the way there is invented. `tick` is the step prices are rounded to.
 */
export function formingRow(row: Kline, share: number, tick: number): Kline {
  const part = (amount: bigint) => (amount * BigInt(Math.floor(share * SCALE))) / BigInt(SCALE);
  const rising = row.close >= row.open;
  const turns = [row.open, rising ? row.low : row.high, rising ? row.high : row.low, row.close];
  const position = Math.min(2.999_999, Math.max(0, share) * 3);
  const leg = Math.floor(position);
  const from = turns[leg] ?? row.open;
  const to = turns[leg + 1] ?? row.close;
  const price = Math.round((from + (to - from) * (position - leg)) / tick) * tick;
  const close = Math.min(row.high, Math.max(row.low, price));
  const seen = [...turns.slice(0, leg + 1), close];
  const trades = Math.floor(row.trades * share);
  return {
    ...row,
    close,
    high: Math.max(...seen),
    low: Math.min(...seen),
    volume: part(row.volume),
    quoteVolume: part(row.quoteVolume),
    trades,
    takerBaseVolume: part(row.takerBaseVolume),
    takerQuoteVolume: part(row.takerQuoteVolume),
    firstTradeId: trades === 0 ? -1 : row.firstTradeId,
    lastTradeId: trades === 0 ? -1 : row.firstTradeId + trades - 1,
  };
}
