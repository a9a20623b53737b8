import type { Expression } from './expression.ts';
import type { Strategy } from './strategy.ts';

const STRENGTH = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  sum: 5,
  product: 6,
  negate: 7,
  postfix: 8,
  primary: 9,
} as const;

function strengthOf(expression: Expression): number {
  switch (expression.op) {
    case 'logic':
      return expression.symbol === 'or' ? STRENGTH.or : STRENGTH.and;
    case 'not':
      return STRENGTH.not;
    case 'compare':
      return STRENGTH.compare;
    case 'arithmetic':
      return expression.symbol === '+' || expression.symbol === '-' ? STRENGTH.sum : STRENGTH.product;
    case 'negate':
      return STRENGTH.negate;
    case 'number':
      return expression.value < 0 ? STRENGTH.negate : STRENGTH.primary;
    case 'sampled':
      return STRENGTH.postfix;
    default:
      return STRENGTH.primary;
  }
}

/** The text of an operand, in parentheses when it binds weaker than its place needs. */
function operand(expression: Expression, needed: number): string {
  const text = formatExpression(expression);
  return strengthOf(expression) < needed ? `(${text})` : text;
}

/**
 * The one text of an expression: single spaces, only the parentheses that are needed, every setting written
 * out. Equal expressions have equal texts, so the text is the identity of a node.
 */
export function formatExpression(expression: Expression): string {
  switch (expression.op) {
    case 'number':
      return String(expression.value);
    case 'series':
    case 'field':
      return expression.name;
    case 'indicator': {
      const values = [
        ...(expression.input === null ? [] : [formatExpression(expression.input)]),
        ...expression.settings.map(String),
      ];
      return `${expression.name}(${values.join(', ')})${expression.output === null ? '' : `.${expression.output}`}`;
    }
    case 'cross':
      return `cross${expression.direction}(${formatExpression(expression.left)}, ${formatExpression(expression.right)})`;
    case 'sampled':
      return `${operand(expression.operand, STRENGTH.postfix)}@${expression.timeframe}`;
    case 'negate':
      return `-${operand(expression.operand, STRENGTH.negate)}`;
    case 'not':
      return `not ${operand(expression.operand, STRENGTH.not)}`;
    default: {
      const strength = strengthOf(expression);
      // A comparison does not chain, so both sides must bind stronger; the others group to the left.
      const left = operand(expression.left, expression.op === 'compare' ? strength + 1 : strength);
      return `${left} ${expression.symbol} ${operand(expression.right, strength + 1)}`;
    }
  }
}

/**
 * The canonical text of a strategy: what rule keys are made of. Params are substituted, comments and layout
 * dropped; parsing it gives the same strategy again.
 */
export function formatStrategy(strategy: Strategy): string {
  const lines = [strategy.kind === 'token' ? 'token' : `timeframe ${strategy.timeframe}`];
  lines.push(`entry ${formatExpression(strategy.entry)}`);
  if (strategy.exit !== null) lines.push(`exit ${formatExpression(strategy.exit)}`);
  return lines.join('\n');
}
