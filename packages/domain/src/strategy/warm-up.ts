import type { Timeframe } from '@onefeed/contracts';
import { indicatorDefinition } from '../indicators/indicators.ts';
import { type Expression, operandsOf } from './expression.ts';
import type { Strategy } from './strategy.ts';

/** Candles of each timeframe that a strategy must have seen before each of its values is defined. */
export type WarmUp = ReadonlyMap<Timeframe, number>;

/** How much history the rules of a strategy need, by timeframe; empty for token strategies. */
export function warmUpOf(strategy: Strategy): WarmUp {
  const needed = new Map<Timeframe, number>();
  if (strategy.kind === 'token') return needed;
  const rules = strategy.exit === null ? [strategy.entry] : [strategy.entry, strategy.exit];
  for (const rule of rules) record(needed, strategy.timeframe, candlesFor(rule, strategy.timeframe, needed));
  return needed;
}

function record(needed: Map<Timeframe, number>, timeframe: Timeframe, candles: number): void {
  needed.set(timeframe, Math.max(candles, needed.get(timeframe) ?? 0));
}

/** Candles of `timeframe` until the expression is defined; those of other timeframes go to `needed`. */
function candlesFor(expression: Expression, timeframe: Timeframe, needed: Map<Timeframe, number>): number {
  if (expression.op === 'sampled') {
    const sampled = candlesFor(expression.operand, expression.timeframe, needed);
    record(needed, expression.timeframe, sampled);
    return 1;
  }
  const operands = operandsOf(expression).map((operand) => candlesFor(operand, timeframe, needed));
  const deepest = Math.max(1, ...operands);
  if (expression.op === 'indicator') {
    return deepest - 1 + indicatorDefinition(expression.name).warmup(expression.settings, expression.output);
  }
  return expression.op === 'cross' ? deepest + 1 : deepest;
}
