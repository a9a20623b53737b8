import type { Timeframe } from '@onefeed/contracts';
import type { Expression } from './expression.ts';

export type StrategyKind = 'candle' | 'token';

export interface StrategyParam {
  name: string;
  value: number;
  minimum: number;
  maximum: number;
}

/** A checked strategy: safe to compile. */
export interface Strategy {
  kind: StrategyKind;
  /** On which candles the rules are looked at; meaningless for tokens. */
  timeframe: Timeframe;
  /** As declared; their values are already in the rules. */
  params: readonly StrategyParam[];
  entry: Expression;
  exit: Expression | null;
  /** Operators, calls, names and numbers as written. */
  nodeCount: number;
}
