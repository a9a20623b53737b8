import {
  type Amount,
  ceilToStep,
  divideDown,
  floorToStep,
  formatAmount,
  multiplyDown,
} from '../money/amount.ts';
import type { ExchangeMarket } from './exchange-market.ts';
import { type ExecutionResult, rejected } from './fill.ts';

/** How a paper order on an exchange is priced. */
export interface ExchangeCosts {
  /** Taker fee in basis points of what is received. */
  readonly takerFeeBps: bigint;
  /** The price moves this many basis points against the taker. */
  readonly slippageBps: bigint;
}

/** Binance spot without discounts, and a small market order's usual slippage. */
export const EXCHANGE_COSTS: ExchangeCosts = { takerFeeBps: 10n, slippageBps: 5n };

const BPS = 10_000n;
/** Exchanges account for assets in 1e-8. */
const ASSET_STEP: Amount = 10n ** 10n;

const feeOf = (amount: Amount, bps: bigint): Amount =>
  ceilToStep((amount * bps + BPS - 1n) / BPS, ASSET_STEP);

/**
 * Buys for at most `stake` of the quote asset at the last price plus slippage (rounded up to a tick). The fee is
 * taken in the base asset: what is held is less than what was bought.
 */
export function buyOnExchange(market: ExchangeMarket, stake: Amount, costs: ExchangeCosts): ExecutionResult {
  const { rules } = market;
  if (!rules.tradeable) return rejected('UNTRADEABLE');
  if (market.price <= 0n) return rejected('NO_PRICE');
  const price = ceilToStep((market.price * (BPS + costs.slippageBps) + BPS - 1n) / BPS, rules.tickSize);
  const quantity = floorToStep(divideDown(stake, price), rules.stepSize);
  const notional = multiplyDown(quantity, price);
  if (quantity <= 0n || quantity < rules.minQuantity || notional < rules.minNotional) {
    return rejected('BELOW_MIN_NOTIONAL', formatAmount(rules.minNotional), formatAmount(stake));
  }
  const quoteAmount = ceilToStep(notional, ASSET_STEP);
  const fee = feeOf(quantity, costs.takerFeeBps);
  return {
    filled: true,
    fill: {
      side: 'buy',
      quantity,
      price,
      quoteAmount,
      fee,
      feeAsset: rules.baseAsset,
      baseChange: quantity - fee,
      quoteChange: quoteAmount,
    },
  };
}

/** Sells `quantity`, floored to a step, at the last price less slippage (rounded down to a tick); fee in quote. */
export function sellOnExchange(
  market: ExchangeMarket,
  wanted: Amount,
  costs: ExchangeCosts,
): ExecutionResult {
  const { rules } = market;
  if (!rules.tradeable) return rejected('UNTRADEABLE');
  if (market.price <= 0n) return rejected('NO_PRICE');
  const price = floorToStep((market.price * (BPS - costs.slippageBps)) / BPS, rules.tickSize);
  const quantity = floorToStep(wanted, rules.stepSize);
  const quoteAmount = floorToStep(multiplyDown(quantity, price), ASSET_STEP);
  const reference = multiplyDown(quantity, market.price);
  // The venue compares its own price, not the fill's, with the minimum.
  if (quantity <= 0n || quantity < rules.minQuantity || reference < rules.minNotional || quoteAmount <= 0n) {
    return rejected('BELOW_MIN_NOTIONAL', formatAmount(rules.minNotional), formatAmount(reference));
  }
  const fee = feeOf(quoteAmount, costs.takerFeeBps);
  return {
    filled: true,
    fill: {
      side: 'sell',
      quantity,
      price,
      quoteAmount,
      fee,
      feeAsset: rules.quoteAsset,
      baseChange: quantity,
      quoteChange: quoteAmount - fee,
    },
  };
}
