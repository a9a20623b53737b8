import type { Timeframe } from '@onefeed/contracts';
import type { IndicatorName } from '../indicators/indicators.ts';
import type { TokenFieldName } from '../tokens/token-fields.ts';
import type { ArithmeticSymbol, ComparisonSymbol, LogicSymbol } from './syntax.ts';

export const SERIES_NAMES = ['open', 'high', 'low', 'close', 'volume'] as const;
export type SeriesName = (typeof SERIES_NAMES)[number];

/** A checked expression: names resolved, params substituted, defaults filled in. */
export type Expression =
  | { op: 'number'; value: number }
  | { op: 'series'; name: SeriesName }
  | { op: 'field'; name: TokenFieldName }
  /** `input` is null for indicators of whole candles. `output` is null for those with one value. */
  | {
      op: 'indicator';
      name: IndicatorName;
      input: Expression | null;
      settings: number[];
      output: string | null;
    }
  | { op: 'cross'; direction: 'over' | 'under'; left: Expression; right: Expression }
  | { op: 'sampled'; timeframe: Timeframe; operand: Expression }
  | { op: 'negate'; operand: Expression }
  | { op: 'not'; operand: Expression }
  | { op: 'arithmetic'; symbol: ArithmeticSymbol; left: Expression; right: Expression }
  | { op: 'compare'; symbol: ComparisonSymbol; left: Expression; right: Expression }
  | { op: 'logic'; symbol: LogicSymbol; left: Expression; right: Expression };

/** The expressions an expression is made of, left to right. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'number':
    case 'series':
    case 'field':
      return [];
    case 'indicator':
      return expression.input === null ? [] : [expression.input];
    case 'sampled':
    case 'negate':
    case 'not':
      return [expression.operand];
    default:
      return [expression.left, expression.right];
  }
}
