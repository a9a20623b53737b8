import type { ExitPlan } from '@onefeed/contracts';
import { type Amount, priceAtGain } from '../money/amount.ts';
import { type ExitPosition, stopPrice, timeLimitAt, trailingStopPrice } from './evaluate-exits.ts';
import type { ExitState } from './exit-state.ts';
import { ladderLegs, progressiveLegCount } from './partial-legs.ts';

/**
 * When a position must be looked at again: at a price at or under `below`, at or above `above`, or from market
 * time `dueAt`. Anything else leaves its exits as they are, so prices within are skipped without evaluation.
 */
export interface ExitTriggers {
  readonly below: Amount;
  readonly above: Amount | null;
  readonly dueAt: number | null;
}

/** The triggers of a position. `now`: a close is waiting, or the plan has not seen the migration yet. */
export function exitTriggers(plan: ExitPlan, state: ExitState, position: ExitPosition): ExitTriggers {
  const below =
    highest(stopPrice(plan, position.entryPrice), trailingStopPrice(plan, state, position.entryPrice)) ?? -1n;
  const time = timeLimitAt(plan, position.openedAt);
  const target = nextTarget(plan, state, position.entryPrice);
  return {
    below,
    // A trailing stop follows every new high.
    above: plan.trailing === undefined ? target.price : lowest(target.price, state.high + 1n),
    dueAt: state.closeRequested !== null ? 0 : earliest(time, target.at),
  };
}

function nextTarget(
  plan: ExitPlan,
  state: ExitState,
  entryPrice: Amount,
): { price: Amount | null; at: number | null } {
  const takeProfit = plan.takeProfit;
  switch (takeProfit.type) {
    case 'TRAILING':
      return { price: null, at: null };
    case 'FIXED':
      return { price: priceAtGain(entryPrice, takeProfit.gainPercent), at: null };
    case 'LADDER': {
      const next = ladderLegs(takeProfit).find((leg) => !state.done.includes(`ladder-${leg.index}`));
      return { price: next === undefined ? null : priceAtGain(entryPrice, next.gainPercent), at: null };
    }
    case 'PROGRESSIVE_AFTER_MIGRATION': {
      if (state.migratedAt === null || state.migrationPrice === null) return { price: null, at: null };
      const count = progressiveLegCount(takeProfit.initialPercent, takeProfit.stepPercent);
      const done = new Set(state.done);
      let index = 0;
      while (index < count && done.has(`prog-${index}`)) index += 1;
      if (index === count) return { price: null, at: null };
      if (index === 0) return { price: null, at: 0 };
      return takeProfit.stepUnit === 'seconds'
        ? { price: null, at: state.migratedAt + index * takeProfit.stepInterval * 1000 }
        : { price: priceAtGain(state.migrationPrice, index * takeProfit.stepInterval), at: null };
    }
  }
}

const highest = (a: Amount | null, b: Amount | null) => (a === null ? b : b === null || a > b ? a : b);
const lowest = (a: Amount | null, b: Amount | null) => (a === null ? b : b === null || a < b ? a : b);
const earliest = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b));
