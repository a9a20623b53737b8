import { TIMEFRAME_MS, TIMEFRAMES, type Timeframe } from '@onefeed/contracts';
import {
  INDICATORS,
  type IndicatorName,
  indicatorDefinition,
  isIndicatorName,
} from '../indicators/indicators.ts';
import { isTokenFieldName, TOKEN_FIELD_NAMES, tokenField } from '../tokens/token-fields.ts';
import { type Expression, SERIES_NAMES, type SeriesName } from './expression.ts';
import { KEYWORDS } from './lexer.ts';
import { STRATEGY_LIMITS } from './limits.ts';
import type { StrategyKind } from './strategy.ts';
import { type Position, type StrategyError, strategyError } from './strategy-error.ts';
import { didYouMean } from './suggestion.ts';
import type { Syntax } from './syntax.ts';

type ValueType = 'number' | 'boolean';
const CROSSINGS = { crossover: 'over', crossunder: 'under' } as const;
const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

interface Checked {
  expression: Expression;
  type: ValueType;
}

export interface CheckContext {
  kind: StrategyKind;
  timeframe: Timeframe;
  params: ReadonlyMap<string, number>;
  errors: StrategyError[];
}

const isSeriesName = (name: string): name is SeriesName => (SERIES_NAMES as readonly string[]).includes(name);
const isCrossing = (name: string): name is keyof typeof CROSSINGS => Object.hasOwn(CROSSINGS, name);
export const isTimeframe = (name: string): name is Timeframe =>
  (TIMEFRAMES as readonly string[]).includes(name);

export const CALLABLE_NAMES = [...Object.keys(INDICATORS), ...Object.keys(CROSSINGS)];
const RESERVED: ReadonlySet<string> = new Set([
  ...CALLABLE_NAMES,
  ...SERIES_NAMES,
  ...TOKEN_FIELD_NAMES,
  ...KEYWORDS,
]);

/** Names that mean something already may not be taken by a param. */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name);
}

/** The rule as a checked expression, or null after having recorded at least one error. */
export function checkRule(rule: Syntax, context: CheckContext): Expression | null {
  const checked = check(rule, context, context.timeframe);
  if (checked === null) return null;
  if (checked.type !== 'boolean') {
    return refuse(
      context,
      rule.at,
      'a rule must be true or false, this is a number',
      'compare it: `... > 0`',
    );
  }
  return checked.expression;
}

function refuse(context: CheckContext, at: Position, message: string, hint?: string): null {
  context.errors.push(strategyError(at, message, hint));
  return null;
}

function check(syntax: Syntax, context: CheckContext, timeframe: Timeframe): Checked | null {
  switch (syntax.type) {
    case 'number':
      if (!Number.isFinite(syntax.value) || Math.abs(syntax.value) > STRATEGY_LIMITS.number) {
        return refuse(
          context,
          syntax.at,
          `the number is too large; the largest is ${STRATEGY_LIMITS.number}`,
        );
      }
      return { expression: { op: 'number', value: syntax.value }, type: 'number' };
    case 'name':
      return checkName(syntax, context);
    case 'call':
      return checkCall(syntax, null, context, timeframe);
    case 'member':
      if (syntax.operand.type !== 'call') {
        return refuse(context, syntax.at, `only indicators have values such as \`.${syntax.name}\``);
      }
      return checkCall(syntax.operand, { name: syntax.name, at: syntax.at }, context, timeframe);
    case 'sampled':
      return checkSampled(syntax, context, timeframe);
    case 'unary':
      return checkUnary(syntax, context, timeframe);
    case 'binary':
      return checkBinary(syntax, context, timeframe);
  }
}

function checkName(syntax: Syntax & { type: 'name' }, context: CheckContext): Checked | null {
  const { name, at } = syntax;
  const param = context.params.get(name);
  if (param !== undefined) return { expression: { op: 'number', value: param }, type: 'number' };
  if (isSeriesName(name)) {
    if (context.kind === 'token') {
      return refuse(
        context,
        at,
        `\`${name}\` is of candles; a token strategy has token fields`,
        'for the price use `price_change` or `market_cap`',
      );
    }
    return { expression: { op: 'series', name }, type: 'number' };
  }
  if (isTokenFieldName(name)) {
    if (context.kind === 'candle') {
      return refuse(
        context,
        at,
        `\`${name}\` is of tokens; this is a candle strategy`,
        'begin the text with `token`',
      );
    }
    return { expression: { op: 'field', name }, type: tokenField(name).type };
  }
  if (CALLABLE_NAMES.includes(name)) {
    return refuse(context, at, `\`${name}\` needs its arguments in parentheses`, exampleOf(name));
  }
  const known = [
    ...context.params.keys(),
    ...(context.kind === 'token' ? TOKEN_FIELD_NAMES : [...SERIES_NAMES, ...CALLABLE_NAMES]),
  ];
  return refuse(context, at, `unknown name \`${name.slice(0, 40)}\``, didYouMean(name, known));
}

function exampleOf(name: string): string {
  if (!isIndicatorName(name)) return `for example \`${name}(ema(close, 9), ema(close, 21))\``;
  const definition = indicatorDefinition(name);
  const settings = definition.settings.map((setting) => setting.default ?? 20);
  const output = definition.outputs[0] === undefined ? '' : `.${definition.outputs[0]}`;
  return `for example \`${name}(${[...(definition.input === 'series' ? ['close'] : []), ...settings].join(', ')})${output}\``;
}

function checkCall(
  syntax: Syntax & { type: 'call' },
  member: { name: string; at: Position } | null,
  context: CheckContext,
  timeframe: Timeframe,
): Checked | null {
  const { name, at } = syntax;
  if (isCrossing(name) || isIndicatorName(name)) {
    if (context.kind === 'token') {
      return refuse(
        context,
        at,
        `\`${name}\` works on candles; a token strategy has token fields and arithmetic only`,
      );
    }
    if (isIndicatorName(name)) return checkIndicator(syntax, name, member, context, timeframe);
    return checkCrossing(syntax, CROSSINGS[name], member, context, timeframe);
  }
  const isValue = isSeriesName(name) || isTokenFieldName(name) || context.params.has(name);
  return isValue
    ? refuse(context, at, `\`${name}\` is a value, not a function`, `write \`${name}\` without parentheses`)
    : refuse(context, at, `unknown function \`${name.slice(0, 40)}\``, didYouMean(name, CALLABLE_NAMES));
}

function checkCrossing(
  syntax: Syntax & { type: 'call' },
  direction: 'over' | 'under',
  member: { name: string; at: Position } | null,
  context: CheckContext,
  timeframe: Timeframe,
): Checked | null {
  if (member !== null) return refuse(context, member.at, `\`${syntax.name}\` has no \`.${member.name}\``);
  const [first, second, ...more] = syntax.arguments;
  if (first === undefined || second === undefined || more.length > 0) {
    return refuse(
      context,
      syntax.at,
      `\`${syntax.name}\` takes 2 values, not ${syntax.arguments.length}`,
      exampleOf(syntax.name),
    );
  }
  const left = checkNumber(first, context, timeframe);
  const right = checkNumber(second, context, timeframe);
  if (left === null || right === null) return null;
  return { expression: { op: 'cross', direction, left, right }, type: 'boolean' };
}

function checkIndicator(
  syntax: Syntax & { type: 'call' },
  name: IndicatorName,
  member: { name: string; at: Position } | null,
  context: CheckContext,
  timeframe: Timeframe,
): Checked | null {
  const definition = indicatorDefinition(name);
  const output = checkOutput(name, syntax.at, member, context);
  let input: Expression | null = null;
  let written = syntax.arguments;
  if (definition.input === 'series') {
    const [first, ...rest] = written;
    if (first === undefined)
      return refuse(context, syntax.at, `\`${name}\` needs what to work on`, exampleOf(name));
    input = checkNumber(first, context, timeframe);
    if (input === null) return null;
    written = rest;
  }
  if (written.length > definition.settings.length) {
    return refuse(context, syntax.at, `\`${name}\` was given too many arguments`, exampleOf(name));
  }
  const settings: number[] = [];
  for (const [index, setting] of definition.settings.entries()) {
    const given = written[index];
    if (given === undefined) {
      if (setting.default === undefined) {
        return refuse(context, syntax.at, `\`${name}\` needs its ${setting.name}`, exampleOf(name));
      }
      settings.push(setting.default);
      continue;
    }
    const value = constantOf(given, context);
    if (value === null) {
      return refuse(context, given.at, `the ${setting.name} of \`${name}\` must be a number or a param`);
    }
    const minimum = setting.minimum ?? 1;
    if (
      setting.kind === 'period' &&
      !(Number.isInteger(value) && value >= minimum && value <= STRATEGY_LIMITS.period)
    ) {
      return refuse(
        context,
        given.at,
        `the ${setting.name} of \`${name}\` must be a whole number from ${minimum} to ${STRATEGY_LIMITS.period}`,
      );
    }
    if (setting.kind === 'multiplier' && !(value > 0 && value <= 100)) {
      return refuse(context, given.at, `the ${setting.name} of \`${name}\` must be above 0 and at most 100`);
    }
    settings.push(value);
  }
  if (output === undefined) return null;
  return { expression: { op: 'indicator', name, input, settings, output }, type: 'number' };
}

/** The chosen output, null where there is but one value, undefined after an error. */
function checkOutput(
  name: IndicatorName,
  at: Position,
  member: { name: string; at: Position } | null,
  context: CheckContext,
): string | null | undefined {
  const { outputs } = indicatorDefinition(name);
  if (member === null) {
    if (outputs.length === 0) return null;
    refuse(
      context,
      at,
      `\`${name}\` has several values: choose one`,
      `write ${outputs.map((output) => `\`.${output}\``).join(', ')} after it`,
    );
    return undefined;
  }
  if (outputs.includes(member.name)) return member.name;
  refuse(
    context,
    member.at,
    outputs.length === 0
      ? `\`${name}\` has one value only`
      : `\`${name}\` has no \`.${member.name.slice(0, 40)}\``,
    outputs.length === 0
      ? `leave out \`.${member.name.slice(0, 40)}\``
      : (didYouMean(member.name, outputs) ?? `it has ${outputs.join(', ')}`),
  );
  return undefined;
}

function constantOf(syntax: Syntax, context: CheckContext): number | null {
  if (syntax.type === 'number') return syntax.value;
  if (syntax.type === 'name') return context.params.get(syntax.name) ?? null;
  if (syntax.type === 'unary' && syntax.symbol === '-') {
    const value = constantOf(syntax.operand, context);
    return value === null ? null : -value;
  }
  return null;
}

function checkSampled(
  syntax: Syntax & { type: 'sampled' },
  context: CheckContext,
  timeframe: Timeframe,
): Checked | null {
  if (context.kind === 'token') return refuse(context, syntax.at, 'a token strategy has no timeframes');
  const wanted = syntax.timeframe;
  if (!isTimeframe(wanted)) {
    return refuse(
      context,
      syntax.at,
      `\`${wanted.slice(0, 40)}\` is not a timeframe`,
      `there are ${TIMEFRAMES.join(', ')}`,
    );
  }
  if (TIMEFRAME_MS[wanted] < TIMEFRAME_MS[timeframe]) {
    return refuse(
      context,
      syntax.at,
      `\`@${wanted}\` is shorter than ${timeframe}, on which this is looked at`,
      `use a longer one, or \`timeframe ${wanted}\` for the strategy`,
    );
  }
  const operand = check(syntax.operand, context, wanted);
  if (operand === null || wanted === timeframe) return operand;
  return {
    expression: { op: 'sampled', timeframe: wanted, operand: operand.expression },
    type: operand.type,
  };
}

function checkUnary(
  syntax: Syntax & { type: 'unary' },
  context: CheckContext,
  timeframe: Timeframe,
): Checked | null {
  if (syntax.symbol === 'not') {
    const operand = checkBoolean(syntax.operand, context, timeframe);
    return operand === null ? null : { expression: { op: 'not', operand }, type: 'boolean' };
  }
  const operand = checkNumber(syntax.operand, context, timeframe);
  if (operand === null) return null;
  // A negative number is one number, so that a param's value and a written one give the same text.
  if (operand.op === 'number')
    return { expression: { op: 'number', value: 0 - operand.value }, type: 'number' };
  return { expression: { op: 'negate', operand }, type: 'number' };
}

function checkBinary(
  syntax: Syntax & { type: 'binary' },
  context: CheckContext,
  timeframe: Timeframe,
): Checked | null {
  const { symbol } = syntax;
  if (symbol === 'and' || symbol === 'or') {
    const left = checkBoolean(syntax.left, context, timeframe);
    const right = checkBoolean(syntax.right, context, timeframe);
    if (left === null || right === null) return null;
    return { expression: { op: 'logic', symbol, left, right }, type: 'boolean' };
  }
  if (COMPARISONS.has(symbol) && syntax.left.type === 'binary' && COMPARISONS.has(syntax.left.symbol)) {
    return refuse(context, syntax.at, 'comparisons do not chain', 'write `a < b and b < c`');
  }
  const left = checkNumber(syntax.left, context, timeframe);
  const right = checkNumber(syntax.right, context, timeframe);
  if (left === null || right === null) return null;
  if (symbol === '+' || symbol === '-' || symbol === '*' || symbol === '/') {
    return { expression: { op: 'arithmetic', symbol, left, right }, type: 'number' };
  }
  return { expression: { op: 'compare', symbol, left, right }, type: 'boolean' };
}

function checkNumber(syntax: Syntax, context: CheckContext, timeframe: Timeframe): Expression | null {
  const checked = check(syntax, context, timeframe);
  if (checked === null || checked.type === 'number') return checked?.expression ?? null;
  return refuse(context, syntax.at, 'a number is needed here, this is true or false');
}

function checkBoolean(syntax: Syntax, context: CheckContext, timeframe: Timeframe): Expression | null {
  const checked = check(syntax, context, timeframe);
  if (checked === null || checked.type === 'boolean') return checked?.expression ?? null;
  return refuse(
    context,
    syntax.at,
    'true or false is needed here, this is a number',
    'compare it: `... > 0`',
  );
}
