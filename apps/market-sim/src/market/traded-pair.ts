/** One pair the venue lists. The tick is 10^-priceDecimals, the lot 10^-quantityDecimals. */
export interface TradedPair {
  symbol: string;
  baseAsset: string;
  quoteAsset: string;
  priceDecimals: number;
  quantityDecimals: number;
}
