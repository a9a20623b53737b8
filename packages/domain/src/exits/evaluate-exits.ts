import type { ExitPlan, ExitReason } from '@onefeed/contracts';
import type { SaleMinimum } from '../execution/market.ts';
import {
  type Amount,
  floorToStep,
  multiplyDown,
  percentOf,
  priceAtGain,
  priceAtLoss,
} from '../money/amount.ts';
import type { ExitState } from './exit-state.ts';
import { duePartialLegs } from './partial-legs.ts';

/** The part of a position that its exits look at. */
export interface ExitPosition {
  readonly quantity: Amount;
  readonly originalQuantity: Amount;
  readonly entryPrice: Amount;
  readonly openedAt: number;
}

export interface ExitInput {
  readonly plan: ExitPlan;
  readonly state: ExitState;
  readonly position: ExitPosition;
  /** Current price. */
  readonly price: Amount;
  /** Market clock. */
  readonly at: number;
  /** The token trades in its pool. */
  readonly migrated: boolean;
  /** False when no order could be executed now: the state moves on, exits stay due. */
  readonly trading: boolean;
  readonly minimum: SaleMinimum;
}

/** One exit to carry out. `all` closes the position. */
export interface DueExit {
  readonly leg: string;
  readonly reason: ExitReason;
  readonly quantity: Amount | 'all';
}

export interface ExitEvaluation {
  readonly state: ExitState;
  readonly exits: readonly DueExit[];
}

/**
 * What a position's exits do at a price. Whatever is hit first wins; at one price the owner goes before stops, stops
 * before time, time before targets. Legs are named for good (`tp`, `sl`, `trail`, `time`, `signal`, `user`,
 * `ladder-<n>`, `prog-<n>`) and each is issued at most once. A leg too small for the venue is carried over to the
 * last one, and a leg that would leave too little to sell takes all.
 */
export function evaluateExits(input: ExitInput): ExitEvaluation {
  const state = observe(input);
  if (!input.trading || input.position.quantity <= 0n) return { state, exits: [] };
  const close = closeReason(input.plan, state, input);
  if (close !== null) {
    return { state: { ...state, done: [...state.done, close.leg] }, exits: [{ ...close, quantity: 'all' }] };
  }
  return partialExits(input, state);
}

/** The state after seeing the price: high-water mark and migration. */
function observe({ state, price, at, migrated }: ExitInput): ExitState {
  const high = price > state.high ? price : state.high;
  if (migrated && state.migratedAt === null) return { ...state, high, migratedAt: at, migrationPrice: price };
  return high === state.high ? state : { ...state, high };
}

function closeReason(
  plan: ExitPlan,
  state: ExitState,
  { price, at, position }: ExitInput,
): Omit<DueExit, 'quantity'> | null {
  if (state.closeRequested === 'user') return { leg: 'user', reason: 'user' };
  const stop = stopPrice(plan, position.entryPrice);
  if (stop !== null && price <= stop) return { leg: 'sl', reason: 'stop_loss' };
  const trail = trailingStopPrice(plan, state, position.entryPrice);
  if (trail !== null && price <= trail) return { leg: 'trail', reason: 'trailing_stop' };
  const deadline = timeLimitAt(plan, position.openedAt);
  if (deadline !== null && at >= deadline) return { leg: 'time', reason: 'time_limit' };
  if (state.closeRequested === 'signal') return { leg: 'signal', reason: 'signal' };
  if (
    plan.takeProfit.type === 'FIXED' &&
    price >= priceAtGain(position.entryPrice, plan.takeProfit.gainPercent)
  ) {
    return { leg: 'tp', reason: 'take_profit' };
  }
  return null;
}

/** Price at or under which the stop loss is hit; null without one. */
export const stopPrice = (plan: ExitPlan, entryPrice: Amount): Amount | null =>
  plan.stopLossPercent === undefined ? null : priceAtLoss(entryPrice, plan.stopLossPercent);

/** Price at or under which the trailing stop is hit; null while it is not armed. */
export function trailingStopPrice(plan: ExitPlan, state: ExitState, entryPrice: Amount): Amount | null {
  const trailing = plan.trailing;
  if (trailing === undefined || state.high < priceAtGain(entryPrice, trailing.activatePercent)) return null;
  return priceAtLoss(state.high, trailing.distancePercent);
}

/** Market time at which the time limit is reached; null without one. */
export const timeLimitAt = (plan: ExitPlan, openedAt: number): number | null =>
  plan.timeLimitSeconds === undefined ? null : openedAt + plan.timeLimitSeconds * 1000;

function partialExits({ plan, position, price, at, minimum }: ExitInput, state: ExitState): ExitEvaluation {
  const due = duePartialLegs(plan, state, position.entryPrice, price, at);
  if (due.length === 0) return { state, exits: [] };
  const sellable = (quantity: Amount) =>
    quantity > 0n && quantity >= minimum.minQuantity && multiplyDown(quantity, price) >= minimum.minNotional;
  const done = [...state.done];
  const exits: DueExit[] = [];
  let left = position.quantity;
  for (const leg of due) {
    const quantity = floorToStep(percentOf(position.originalQuantity, leg.percent), minimum.stepSize);
    if (!leg.last && !sellable(quantity)) {
      done.push(leg.name);
      continue;
    }
    done.push(leg.name);
    if (leg.last || quantity >= left || !sellable(floorToStep(left - quantity, minimum.stepSize))) {
      exits.push({ leg: leg.name, reason: leg.reason, quantity: 'all' });
      break;
    }
    exits.push({ leg: leg.name, reason: leg.reason, quantity });
    left -= quantity;
  }
  return { state: { ...state, done }, exits };
}
