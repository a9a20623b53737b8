import type { ExitPlan, Venue } from '@onefeed/contracts';
import { readExitState, type StoredExitState, storeExitState } from '../exits/exit-state.ts';
import { formatAmount, parseAmount } from '../money/amount.ts';
import type { OpenPosition } from './position.ts';

/** A position as its row holds it: amounts are decimal text. */
export interface StoredPosition {
  id: string;
  botId: string;
  venue: Venue;
  instrument: string;
  quantity: string;
  originalQuantity: string;
  entryPrice: string;
  cost: string;
  proceeds: string;
  exitPlan: ExitPlan;
  exitState: StoredExitState & { soldQuoteAmount: string };
  openedAt: number;
}

export const storePosition = (position: OpenPosition): StoredPosition => ({
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
  exitState: { ...storeExitState(position.exits), soldQuoteAmount: formatAmount(position.soldQuoteAmount) },
  openedAt: position.openedAt,
});

/** The position as it was when stored, exits armed as they were (I6). */
export const readPosition = (stored: StoredPosition): OpenPosition => ({
  id: stored.id,
  botId: stored.botId,
  venue: stored.venue,
  instrument: stored.instrument,
  quantity: parseAmount(stored.quantity),
  originalQuantity: parseAmount(stored.originalQuantity),
  entryPrice: parseAmount(stored.entryPrice),
  cost: parseAmount(stored.cost),
  proceeds: parseAmount(stored.proceeds),
  soldQuoteAmount: parseAmount(stored.exitState.soldQuoteAmount),
  plan: stored.exitPlan,
  exits: readExitState(stored.exitState),
  openedAt: stored.openedAt,
});
