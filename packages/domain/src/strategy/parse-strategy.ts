import { TIMEFRAMES, type Timeframe } from '@onefeed/contracts';
import { type IToken, MismatchedTokenException, NoViableAltException } from 'chevrotain';
import { checkRule, isReservedName, isTimeframe } from './check.ts';
import { positionOf, strategyParser } from './grammar.ts';
import { Identifier, KEYWORDS, LeftParenthesis, RightParenthesis, strategyLexer } from './lexer.ts';
import { STRATEGY_LIMITS } from './limits.ts';
import type { Strategy, StrategyParam } from './strategy.ts';
import { type Position, type StrategyError, strategyError } from './strategy-error.ts';
import { didYouMean } from './suggestion.ts';
import type { ParamSyntax, StrategySyntax, Syntax } from './syntax.ts';

export type ParseResult = { ok: true; strategy: Strategy } | { ok: false; errors: StrategyError[] };

const START: Position = { line: 1, column: 1 };
const MAX_ERRORS = 20;
const DEFAULT_TIMEFRAME: Timeframe = '5m';

/**
 * Reads a strategy's text. Never throws, whatever the text; the work is bounded by STRATEGY_LIMITS. At most
 * 20 errors are given, in the order of the text.
 */
export function parseStrategy(source: string): ParseResult {
  if (source.length > STRATEGY_LIMITS.characters) {
    return failed([
      strategyError(
        START,
        `the text is too long: ${source.length} characters, at most ${STRATEGY_LIMITS.characters}`,
      ),
    ]);
  }
  const { tokens, errors: lexerErrors } = strategyLexer.tokenize(source);
  if (lexerErrors.length > 0) {
    return failed(
      lexerErrors.map(({ line, column, offset }) =>
        strategyError(
          { line: line ?? 1, column: column ?? 1 },
          `\`${[...source.slice(offset, offset + 2)][0] ?? ''}\` has no meaning here`,
        ),
      ),
    );
  }
  const refused = refuseExcess(tokens);
  if (refused !== null) return failed([refused]);
  strategyParser.input = tokens;
  const syntax = strategyParser.strategy();
  const parseError = strategyParser.errors[0];
  if (parseError !== undefined) {
    const isMisspelt =
      parseError.token.tokenType === Identifier &&
      (parseError instanceof NoViableAltException ||
        parseError instanceof MismatchedTokenException ||
        parseError.name === 'NotAllInputParsedException');
    return failed([
      strategyError(
        parseError.token.image === '' ? endOf(source) : positionOf(parseError.token),
        parseError.message,
        isMisspelt ? didYouMean(parseError.token.image, KEYWORDS) : undefined,
      ),
    ]);
  }
  return checkStrategy(syntax, endOf(source));
}

function failed(errors: StrategyError[]): ParseResult {
  return {
    ok: false,
    errors: errors.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, MAX_ERRORS),
  };
}

function endOf(source: string): Position {
  const lines = source.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The parser recurses once a parenthesis: depth is bounded here, before it runs. */
function refuseExcess(tokens: readonly IToken[]): StrategyError | null {
  const last = tokens[STRATEGY_LIMITS.words];
  if (last !== undefined) {
    return strategyError(positionOf(last), `the text has more than ${STRATEGY_LIMITS.words} words and signs`);
  }
  let depth = 0;
  for (const token of tokens) {
    if (token.tokenType === LeftParenthesis) depth++;
    if (token.tokenType === RightParenthesis) depth--;
    if (depth > STRATEGY_LIMITS.nesting) {
      return strategyError(
        positionOf(token),
        `nested too deep: at most ${STRATEGY_LIMITS.nesting} parentheses in one another`,
      );
    }
  }
  return null;
}

function checkStrategy(syntax: StrategySyntax, end: Position): ParseResult {
  const errors: StrategyError[] = [];
  const once = <Item>(
    items: readonly Item[],
    at: (item: Item) => Position,
    what: string,
  ): Item | undefined => {
    const second = items[1];
    if (second !== undefined)
      errors.push(
        strategyError(
          at(second),
          `\`${what}\` is given twice`,
          what === 'entry' || what === 'exit' ? 'join the rules with `or`' : undefined,
        ),
      );
    return items[0];
  };
  const kind = once(syntax.tokenKeywords, (at) => at, 'token') === undefined ? 'candle' : 'token';
  const entry = once(syntax.entries, (item) => item.at, 'entry');
  const exit = once(syntax.exits, (item) => item.at, 'exit');
  const written = once(syntax.timeframes, (item) => item.at, 'timeframe');
  if (entry === undefined)
    errors.push(
      strategyError(end, 'a strategy needs an `entry`', 'for example `entry close > sma(close, 50)`'),
    );
  if (written !== undefined && kind === 'token')
    errors.push(strategyError(written.at, 'a token strategy has no timeframe'));
  let timeframe: Timeframe = DEFAULT_TIMEFRAME;
  if (written !== undefined) {
    if (isTimeframe(written.name)) timeframe = written.name;
    else
      errors.push(
        strategyError(
          written.at,
          `\`${written.name.slice(0, 40)}\` is not a timeframe`,
          `there are ${TIMEFRAMES.join(', ')}`,
        ),
      );
  }
  const rules = [...syntax.entries, ...syntax.exits].map(({ rule }) => rule);
  const nodes = countNodes(rules);
  if (nodes.excess !== null) {
    // Deep checks recurse over the rules, so nothing larger is looked into.
    errors.push(
      strategyError(
        nodes.excess,
        `the rules have more than ${STRATEGY_LIMITS.nodes} operators, names and numbers`,
      ),
    );
    return failed(errors);
  }
  const params = checkParams(syntax.params, errors);
  const context = {
    kind,
    timeframe,
    errors,
    params: new Map(params.map(({ name, value }) => [name, value])),
  } as const;
  const entryRule = entry === undefined ? null : checkRule(entry.rule, context);
  const exitRule = exit === undefined ? null : checkRule(exit.rule, context);
  if (errors.length > 0 || entryRule === null) return failed(errors);
  return {
    ok: true,
    strategy: { kind, timeframe, params, entry: entryRule, exit: exitRule, nodeCount: nodes.count },
  };
}

function checkParams(params: readonly ParamSyntax[], errors: StrategyError[]): StrategyParam[] {
  const seen = new Set<string>();
  const checked: StrategyParam[] = [];
  for (const { name, value, minimum, maximum, at } of params) {
    const refuse = (message: string) => errors.push(strategyError(at, message));
    if (seen.has(name)) refuse(`the param \`${name}\` is given twice`);
    else if (isReservedName(name)) refuse(`\`${name}\` has a meaning already; name the param otherwise`);
    else if (![value, minimum, maximum].every((number) => Math.abs(number) <= STRATEGY_LIMITS.number))
      refuse(`the numbers of \`${name}\` are too large`);
    else if (minimum > maximum) refuse(`the range of \`${name}\` is empty: ${minimum}..${maximum}`);
    else if (value < minimum || value > maximum)
      refuse(`\`${name}\` is ${value}, outside its range ${minimum}..${maximum}`);
    else if (checked.length >= STRATEGY_LIMITS.params) refuse(`more than ${STRATEGY_LIMITS.params} params`);
    seen.add(name);
    checked.push({ name: name, value, minimum, maximum });
  }
  return checked;
}

/** Counts without recursion, for a chain of operators nests as deep as it is long. */
function countNodes(rules: readonly Syntax[]): { count: number; excess: Position | null } {
  const open = [...rules];
  let count = 0;
  for (let syntax = open.pop(); syntax !== undefined; syntax = open.pop()) {
    if (++count > STRATEGY_LIMITS.nodes) return { count, excess: syntax.at };
    if (syntax.type === 'call') open.push(...syntax.arguments);
    else if (syntax.type === 'binary') open.push(syntax.left, syntax.right);
    else if (syntax.type !== 'number' && syntax.type !== 'name') open.push(syntax.operand);
  }
  return { count, excess: null };
}
