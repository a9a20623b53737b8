import type { ExitPlan, ExitReason } from '@onefeed/contracts';
import { type Amount, priceAtGain } from '../money/amount.ts';
import type { ExitState } from './exit-state.ts';

/** A part of the plan that sells a share of the original size; the last one sells what is left. */
export interface PartialLeg {
  readonly name: string;
  readonly reason: ExitReason;
  /** Percent of the original size; ignored when `last`. */
  readonly percent: number;
  readonly last: boolean;
}

/** Bound of a plan's steps: the thousandth sells what is left, whatever its size. */
export const MAX_PROGRESSIVE_LEGS = 1_000;

/** How many legs a progressive plan has, the initial one included. */
export function progressiveLegCount(initialPercent: number, stepPercent: number): number {
  const steps = Math.ceil((100 - initialPercent) / stepPercent - 1e-9);
  return Math.min(1 + Math.max(0, steps), MAX_PROGRESSIVE_LEGS);
}

type Ladder = Extract<ExitPlan['takeProfit'], { type: 'LADDER' }>;
type Progressive = Extract<ExitPlan['takeProfit'], { type: 'PROGRESSIVE_AFTER_MIGRATION' }>;

const ladderCache = new WeakMap<Ladder, { index: number; gainPercent: number; sellPercent: number }[]>();

/** The ladder's legs by rising gain, each with its place in the plan (which names it). */
export function ladderLegs(plan: Ladder): { index: number; gainPercent: number; sellPercent: number }[] {
  let legs = ladderCache.get(plan);
  if (legs === undefined) {
    legs = plan.legs
      .map((leg, index) => ({ index, ...leg }))
      .sort((a, b) => a.gainPercent - b.gainPercent || a.index - b.index);
    ladderCache.set(plan, legs);
  }
  return legs;
}

/** Legs of the plan that are due and not done, in the order they are carried out. */
export function duePartialLegs(
  plan: ExitPlan,
  state: ExitState,
  entryPrice: Amount,
  price: Amount,
  at: number,
): PartialLeg[] {
  const takeProfit = plan.takeProfit;
  if (takeProfit.type === 'LADDER') return dueLadderLegs(takeProfit, state, entryPrice, price);
  if (takeProfit.type === 'PROGRESSIVE_AFTER_MIGRATION')
    return dueProgressiveLegs(takeProfit, state, price, at);
  return [];
}

function dueLadderLegs(plan: Ladder, state: ExitState, entryPrice: Amount, price: Amount): PartialLeg[] {
  const due: PartialLeg[] = [];
  const done = new Set(state.done);
  const legs = ladderLegs(plan);
  for (const [place, leg] of legs.entries()) {
    if (price < priceAtGain(entryPrice, leg.gainPercent)) break;
    const name = `ladder-${leg.index}`;
    if (done.has(name)) continue;
    due.push({ name, reason: 'take_profit', percent: leg.sellPercent, last: place === legs.length - 1 });
  }
  return due;
}

function dueProgressiveLegs(plan: Progressive, state: ExitState, price: Amount, at: number): PartialLeg[] {
  if (state.migratedAt === null || state.migrationPrice === null) return [];
  const count = progressiveLegCount(plan.initialPercent, plan.stepPercent);
  const due: PartialLeg[] = [];
  const done = new Set(state.done);
  for (let index = 0; index < count; index += 1) {
    const reached =
      index === 0 ||
      (plan.stepUnit === 'seconds'
        ? at >= state.migratedAt + index * plan.stepInterval * 1000
        : price >= priceAtGain(state.migrationPrice, index * plan.stepInterval));
    if (!reached) break;
    const name = `prog-${index}`;
    if (done.has(name)) continue;
    const percent = index === 0 ? plan.initialPercent : plan.stepPercent;
    due.push({ name, reason: 'migration', percent, last: index === count - 1 });
  }
  return due;
}
