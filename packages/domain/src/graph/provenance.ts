import type { Provenance, Timeframe } from '@onefeed/contracts';
import { type Expression, operandsOf } from '../strategy/expression.ts';
import { formatExpression } from '../strategy/format.ts';

/** A signal carries at most this many values: it must fit an envelope of the bus. */
const MAX_VALUES = 48;

const BOOLEAN_OPS: ReadonlySet<Expression['op']> = new Set(['cross', 'not', 'compare', 'logic']);

function isBoolean(expression: Expression, isBooleanField: (name: string) => boolean): boolean {
  if (expression.op === 'sampled') return isBoolean(expression.operand, isBooleanField);
  return expression.op === 'field' ? isBooleanField(expression.name) : BOOLEAN_OPS.has(expression.op);
}

/**
 * Why a rule is true: its text, and each of its distinct parts with its value, the whole before its parts.
 * Plain numbers are left out. `readValue` gives the value a node had; NaN becomes null.
 */
export function explain(
  rule: Expression,
  timeframe: Timeframe,
  readValue: (expression: Expression, timeframe: Timeframe) => number,
  isBooleanField: (name: string) => boolean = () => false,
): Provenance {
  const values = new Map<string, Provenance['values'][number]>();
  const open: { expression: Expression; timeframe: Timeframe; suffix: string }[] = [
    { expression: rule, timeframe, suffix: '' },
  ];
  for (let next = open.shift(); next !== undefined && values.size < MAX_VALUES; next = open.shift()) {
    const { expression, suffix } = next;
    if (expression.op === 'number') continue;
    const node = `${formatExpression(expression)}${suffix}`;
    if (!values.has(node)) {
      const value = readValue(expression, next.timeframe);
      const shown = Number.isNaN(value) ? null : isBoolean(expression, isBooleanField) ? value === 1 : value;
      values.set(node, { node, value: shown });
    }
    const isSampled = expression.op === 'sampled';
    for (const operand of operandsOf(expression)) {
      open.push({
        expression: operand,
        timeframe: isSampled ? expression.timeframe : next.timeframe,
        suffix: isSampled ? ` of ${expression.timeframe}` : suffix,
      });
    }
  }
  return { rule: formatExpression(rule), values: [...values.values()] };
}
