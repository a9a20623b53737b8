import type { OrderSide } from '@onefeed/contracts';
import { type Amount, divideDown, formatAmount } from '../money/amount.ts';
import { buyExactSolIn, sellTokens } from './bonding-curve.ts';
import { type ExecutionResult, rejected } from './fill.ts';
import { buyFromPool, sellToPool } from './liquidity-pool.ts';
import { isTokenTrading, type TokenMarket } from './token-market.ts';

/** 1e-18 per lamport (1e-9 SOL) and per token base unit (1e-6 token). */
const PER_LAMPORT = 10n ** 9n;
const PER_UNIT = 10n ** 12n;

interface Traded {
  tokenUnits: bigint;
  solLamports: bigint;
  traderLamports: bigint;
}

const filled = (side: OrderSide, traded: Traded): ExecutionResult => {
  const quantity = traded.tokenUnits * PER_UNIT;
  const quoteAmount = traded.solLamports * PER_LAMPORT;
  const quoteChange = traded.traderLamports * PER_LAMPORT;
  const fee = side === 'buy' ? quoteChange - quoteAmount : quoteAmount - quoteChange;
  const price = divideDown(quoteAmount, quantity);
  return {
    filled: true,
    fill: { side, quantity, price, quoteAmount, fee, feeAsset: 'SOL', baseChange: quantity, quoteChange },
  };
};

/** Buys for at most `stake` SOL, fees included, by the exact arithmetic of the curve or the pool. */
export function buyToken(market: TokenMarket, stake: Amount): ExecutionResult {
  if (market.untradeable !== null) return rejected('UNTRADEABLE', null, market.untradeable);
  if (!isTokenTrading(market))
    return rejected('UNTRADEABLE', null, 'the curve is complete and has not migrated yet');
  const budget = stake / PER_LAMPORT;
  const traded =
    market.place === 'curve' ? buyExactSolIn(market.curve, budget) : buyFromPool(market.pool, budget);
  return traded === null ? rejected('BELOW_MIN_NOTIONAL', null, formatAmount(stake)) : filled('buy', traded);
}

/** Sells `quantity` (a whole number of base units). Tokens that may not be bought may still be sold. */
export function sellToken(market: TokenMarket, quantity: Amount): ExecutionResult {
  if (!isTokenTrading(market))
    return rejected('UNTRADEABLE', null, 'the curve is complete and has not migrated yet');
  const units = quantity / PER_UNIT;
  const traded = market.place === 'curve' ? sellTokens(market.curve, units) : sellToPool(market.pool, units);
  return traded === null
    ? rejected('BELOW_MIN_NOTIONAL', null, formatAmount(quantity))
    : filled('sell', traded);
}
