/** Every price and amount inside the simulator is an integer of this many parts: Binance writes 8 decimals. */
export const DECIMALS = 8;
export const SCALE = 100_000_000;

/**
 * One bar. Prices are integers of 1e-8 (safe up to 90 million), amounts bigints of 1e-8. A bar without trades
 * has `trades` 0, both trade ids -1, and open = high = low = close = the previous close.
 */
export interface Kline {
  openTime: number;
  closeTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: bigint;
  quoteVolume: bigint;
  trades: number;
  takerBaseVolume: bigint;
  takerQuoteVolume: bigint;
  firstTradeId: number;
  lastTradeId: number;
}

/** Decimal text with 8 decimals, as Binance writes every price and amount. */
export function decimal8(value: number | bigint): string {
  const digits = String(value).padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** A bar of `price` in which nobody has traded. */
export const emptyKline = (openTime: number, closeTime: number, price: number): Kline => ({
  openTime,
  closeTime,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0n,
  quoteVolume: 0n,
  trades: 0,
  takerBaseVolume: 0n,
  takerQuoteVolume: 0n,
  firstTradeId: -1,
  lastTradeId: -1,
});

/**
 * Adds a later part to a bar. A part without trades adds nothing to the prices once another part has some:
 * only so does aggregation give the venue's own larger bars.
 */
export function addPart(bar: Kline, part: Kline): void {
  if (part.volume === 0n && part.trades === 0) return;
  if (bar.volume === 0n && bar.trades === 0) {
    bar.open = part.open;
    bar.high = part.high;
    bar.low = part.low;
    bar.firstTradeId = part.firstTradeId;
  } else {
    if (part.high > bar.high) bar.high = part.high;
    if (part.low < bar.low) bar.low = part.low;
  }
  bar.close = part.close;
  bar.volume += part.volume;
  bar.quoteVolume += part.quoteVolume;
  bar.trades += part.trades;
  bar.takerBaseVolume += part.takerBaseVolume;
  bar.takerQuoteVolume += part.takerQuoteVolume;
  if (part.lastTradeId >= 0) bar.lastTradeId = part.lastTradeId;
  if (bar.firstTradeId < 0) bar.firstTradeId = part.firstTradeId;
}
