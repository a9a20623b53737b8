import type { Instrument } from '@onefeed/contracts';
import { type Amount, parseAmount } from '../money/amount.ts';

/** What an exchange allows on an instrument, as exact amounts. */
export interface TradingRules {
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: Amount;
  readonly stepSize: Amount;
  readonly minQuantity: Amount;
  readonly minNotional: Amount;
  readonly tradeable: boolean;
}

/** The last price of an instrument on an exchange with its rules. */
export interface ExchangeMarket {
  readonly venue: 'binance';
  readonly price: Amount;
  readonly rules: TradingRules;
}

export const tradingRulesOf = (instrument: Instrument): TradingRules => ({
  baseAsset: instrument.baseAsset,
  quoteAsset: instrument.quoteAsset,
  tickSize: parseAmount(instrument.tickSize),
  stepSize: parseAmount(instrument.stepSize),
  minQuantity: parseAmount(instrument.minQuantity),
  minNotional: parseAmount(instrument.minNotional),
  tradeable: instrument.tradeable,
});
