import type { ArithmeticSymbol, ComparisonSymbol, LogicSymbol } from '../strategy/syntax.ts';

/**
 * Values of nodes: numbers as they are, truth as 1 and 0, and NaN for "not known" (warm-up, division by
 * zero). Not known spreads, except where the other side decides alone; a rule acts on 1 only, so "not known"
 * always means no, also under `not`.
 */
export const UNKNOWN = Number.NaN;

const known = (value: number) => (Number.isFinite(value) ? value : UNKNOWN);

export function arithmetic(symbol: ArithmeticSymbol, left: number, right: number): number {
  switch (symbol) {
    case '+':
      return known(left + right);
    case '-':
      return known(left - right);
    case '*':
      return known(left * right);
    case '/':
      return known(left / right);
  }
}

export function compare(symbol: ComparisonSymbol, left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return UNKNOWN;
  switch (symbol) {
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
  }
}

export function logic(symbol: LogicSymbol, left: number, right: number): number {
  const decisive = symbol === 'and' ? 0 : 1;
  if (left === decisive || right === decisive) return decisive;
  return Number.isNaN(left) || Number.isNaN(right) ? UNKNOWN : 1 - decisive;
}

export function not(value: number): number {
  return Number.isNaN(value) ? UNKNOWN : 1 - value;
}
