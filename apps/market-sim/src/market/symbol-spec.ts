import type { TradedPair } from './traded-pair.ts';

/** A pair of the seeded market and the shape of its prices. Decimals of price and quantity: at most 8 together. */
export interface SymbolSpec extends TradedPair {
  /** Centre of the price over the years, in the quote asset. */
  basePrice: number;
  /** Typical traded amount of a minute, in the quote asset. */
  minuteTurnover: number;
  /** Spread of a minute's log return in a calm market. */
  minuteVolatility: number;
  /** Share of minutes in which nobody trades. */
  idleShare: number;
}

/** The pairs of the seeded market. Tick and lot sizes are those the real pairs have. */
export const SYMBOL_SPECS: readonly SymbolSpec[] = [
  spec('BTC', 2, 5, 64_000, 800_000, 0.0007, 0.001),
  spec('ETH', 2, 4, 3_100, 500_000, 0.0009, 0.0015),
  spec('SOL', 2, 3, 150, 250_000, 0.0012, 0.002),
  spec('BNB', 2, 3, 580, 120_000, 0.0008, 0.006),
  spec('XRP', 4, 1, 1.1, 150_000, 0.001, 0.003),
];

function spec(
  baseAsset: string,
  priceDecimals: number,
  quantityDecimals: number,
  basePrice: number,
  minuteTurnover: number,
  minuteVolatility: number,
  idleShare: number,
): SymbolSpec {
  return {
    symbol: `${baseAsset}USDT`,
    baseAsset,
    quoteAsset: 'USDT',
    priceDecimals,
    quantityDecimals,
    basePrice,
    minuteTurnover,
    minuteVolatility,
    idleShare,
  };
}
