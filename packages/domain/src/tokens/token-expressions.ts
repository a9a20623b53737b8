import { arithmetic, compare, logic, not, UNKNOWN } from '../graph/operators.ts';
import type { Expression } from '../strategy/expression.ts';
import { formatExpression } from '../strategy/format.ts';
import type { TokenFeatures } from './token-features.ts';
import { tokenField } from './token-fields.ts';

/** One distinct expression over token fields; its value is computed once an event, whoever asks. */
export interface TokenExpression {
  valueFor(event: number, features: TokenFeatures): number;
}

export interface TokenExpressions {
  compile(expression: Expression): TokenExpression;
  /** Forgets an expression and those under it that no other one holds. */
  release(expression: Expression): void;
  stats(): { nodes: number; evaluations: number };
}

type Compute = (event: number, features: TokenFeatures) => number;

/** Hash-consed expressions over token fields. They hold no state, so one set serves all tokens. */
export function createTokenExpressions(): TokenExpressions {
  const nodes = new Map<string, { node: TokenExpression; references: number; inputs: Expression[] }>();
  let evaluations = 0;

  function compile(expression: Expression): TokenExpression {
    const key = formatExpression(expression);
    const known = nodes.get(key);
    if (known !== undefined) {
      known.references++;
      return known.node;
    }
    const inputs = inputsOf(expression);
    const compute = createCompute(expression, inputs.map(compile));
    let computedFor = -1;
    let value = UNKNOWN;
    const node: TokenExpression = {
      valueFor(event, features) {
        if (event !== computedFor) {
          computedFor = event;
          evaluations++;
          value = compute(event, features);
        }
        return value;
      },
    };
    nodes.set(key, { node, references: 1, inputs });
    return node;
  }

  function release(expression: Expression): void {
    const key = formatExpression(expression);
    const known = nodes.get(key);
    if (known === undefined || --known.references > 0) return;
    nodes.delete(key);
    known.inputs.forEach(release);
  }

  return { compile, release, stats: () => ({ nodes: nodes.size, evaluations }) };
}

function inputsOf(expression: Expression): Expression[] {
  switch (expression.op) {
    case 'number':
    case 'field':
      return [];
    case 'negate':
    case 'not':
      return [expression.operand];
    case 'arithmetic':
    case 'compare':
    case 'logic':
      return [expression.left, expression.right];
    default:
      throw new Error(`${expression.op} has no value on tokens`);
  }
}

function createCompute(expression: Expression, inputs: readonly TokenExpression[]): Compute {
  const [left, right] = inputs;
  const first: Compute = (event, features) => left?.valueFor(event, features) ?? UNKNOWN;
  const second: Compute = (event, features) => right?.valueFor(event, features) ?? UNKNOWN;
  switch (expression.op) {
    case 'number':
      return () => expression.value;
    case 'field': {
      const field = tokenField(expression.name);
      return (_event, features) => Number(field.read(features));
    }
    case 'negate':
      return (event, features) => arithmetic('-', 0, first(event, features));
    case 'not':
      return (event, features) => not(first(event, features));
    case 'arithmetic': {
      const { symbol } = expression;
      return (event, features) => arithmetic(symbol, first(event, features), second(event, features));
    }
    case 'compare': {
      const { symbol } = expression;
      return (event, features) => compare(symbol, first(event, features), second(event, features));
    }
    case 'logic': {
      const { symbol } = expression;
      return (event, features) => logic(symbol, first(event, features), second(event, features));
    }
    default:
      return () => UNKNOWN;
  }
}
