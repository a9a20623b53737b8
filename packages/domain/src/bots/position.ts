import type { ExitPlan, ExitReason, Position, Trade, Venue } from '@onefeed/contracts';
import type { Fill } from '../execution/fill.ts';
import { createExitState, type ExitState } from '../exits/exit-state.ts';
import { type Amount, divideDown, formatAmount, ONE, toNumber } from '../money/amount.ts';

/** An open position with everything its exits need. Immutable; a fill gives a new one. */
export interface OpenPosition {
  readonly id: string;
  readonly botId: string;
  readonly venue: Venue;
  readonly instrument: string;
  readonly quantity: Amount;
  readonly originalQuantity: Amount;
  readonly entryPrice: Amount;
  /** Quote asset paid, and received so far; both include every fee. */
  readonly cost: Amount;
  readonly proceeds: Amount;
  /** Quote asset received before fees: with the quantity sold it gives the mean exit price. */
  readonly soldQuoteAmount: Amount;
  readonly plan: ExitPlan;
  readonly exits: ExitState;
  readonly openedAt: number;
}

/** The position that an entry's fill opens. `at`: market clock. */
export const openPosition = (
  identity: { id: string; botId: string; venue: Venue; instrument: string; plan: ExitPlan },
  fill: Fill,
  at: number,
): OpenPosition => ({
  ...identity,
  quantity: fill.baseChange,
  originalQuantity: fill.baseChange,
  entryPrice: fill.price,
  cost: fill.quoteChange,
  proceeds: 0n,
  soldQuoteAmount: 0n,
  exits: createExitState(fill.price),
  openedAt: at,
});

/** The position after a sale of a part or all of it. */
export const reducePosition = (position: OpenPosition, fill: Fill): OpenPosition => ({
  ...position,
  quantity: position.quantity - fill.baseChange,
  proceeds: position.proceeds + fill.quoteChange,
  soldQuoteAmount: position.soldQuoteAmount + fill.quoteAmount,
});

/**
 * The trade of a position that is closed. What it still holds is too small to be sold and written off as dust.
 * `price`: the market's, used as the exit price when nothing could be sold at all.
 */
export function completeTrade(position: OpenPosition, reason: ExitReason, price: Amount, at: number): Trade {
  const sold = position.originalQuantity - position.quantity;
  const profit = position.proceeds - position.cost;
  return {
    id: position.id,
    botId: position.botId,
    venue: position.venue,
    instrument: position.instrument,
    quantity: formatAmount(position.originalQuantity),
    entryPrice: formatAmount(position.entryPrice),
    exitPrice: formatAmount(sold > 0n ? divideDown(position.soldQuoteAmount, sold) : price),
    cost: formatAmount(position.cost),
    proceeds: formatAmount(position.proceeds),
    profit: formatAmount(profit),
    profitPercent: position.cost === 0n ? 0 : toNumber((profit * 100n * ONE) / position.cost),
    dust: formatAmount(position.quantity),
    exitReason: reason,
    openedAt: position.openedAt,
    closedAt: at,
  };
}

/** The position as its owner sees it. */
export const positionView = (position: OpenPosition): Position => ({
  id: position.id,
  botId: position.botId,
  venue: position.venue,
  instrument: position.instrument,
  quantity: formatAmount(position.quantity),
  originalQuantity: formatAmount(position.originalQuantity),
  entryPrice: formatAmount(position.entryPrice),
  cost: formatAmount(position.cost),
  proceeds: formatAmount(position.proceeds),
  exitPlan: position.plan,
  openedAt: position.openedAt,
});
