import type { Amount } from '../money/amount.ts';
import type { ExchangeMarket } from './exchange-market.ts';
import { isTokenTrading, type TokenMarket, tokenPrice } from './token-market.ts';

/** What is known of the place where an instrument trades. */
export type Market = ExchangeMarket | TokenMarket;

/** What a sale must reach: smaller ones the venue refuses. */
export interface SaleMinimum {
  readonly stepSize: Amount;
  readonly minQuantity: Amount;
  readonly minNotional: Amount;
}

/** One token base unit, 1e-6 token. */
const TOKEN_MINIMUM: SaleMinimum = { stepSize: 10n ** 12n, minQuantity: 10n ** 12n, minNotional: 0n };

export const priceOf = (market: Market): Amount =>
  market.venue === 'binance' ? market.price : tokenPrice(market);

/** True when an order could be executed at all now. */
export const isTrading = (market: Market): boolean =>
  priceOf(market) > 0n && (market.venue === 'binance' ? market.rules.tradeable : isTokenTrading(market));

export const hasMigrated = (market: Market): boolean => market.venue === 'pumpfun' && market.place === 'pool';

export const saleMinimumOf = (market: Market): SaleMinimum =>
  market.venue === 'binance' ? market.rules : TOKEN_MINIMUM;

export const quoteAssetOf = (market: Market): string =>
  market.venue === 'binance' ? market.rules.quoteAsset : 'SOL';
