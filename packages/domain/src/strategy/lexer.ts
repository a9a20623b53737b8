import { createToken, Lexer, type TokenType } from 'chevrotain';

export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  label: 'a name',
});

const keyword = (name: string, word: string) =>
  createToken({ name, pattern: new RegExp(word), longer_alt: Identifier, label: `\`${word}\`` });
const sign = (name: string, pattern: RegExp, label: string) => createToken({ name, pattern, label });

export const TokenKeyword = keyword('TokenKeyword', 'token');
export const TimeframeKeyword = keyword('TimeframeKeyword', 'timeframe');
export const Param = keyword('Param', 'param');
export const In = keyword('In', 'in');
export const Entry = keyword('Entry', 'entry');
export const Exit = keyword('Exit', 'exit');
export const And = keyword('And', 'and');
export const Or = keyword('Or', 'or');
export const Not = keyword('Not', 'not');

/** `5m`, `4h`: any number followed by letters, so that a wrong one is named as a wrong timeframe. */
export const TimeframeName = createToken({
  name: 'TimeframeName',
  pattern: /\d+(?:[a-df-zA-DF-Z_][A-Za-z0-9_]*)/,
  label: 'a timeframe such as `4h`',
});
export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  pattern: /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/,
  label: 'a number',
});

export const Comparison = sign('Comparison', /<=|>=|==|!=|<|>/, 'a comparison');
export const Equals = sign('Equals', /=/, '`=`');
export const Range = sign('Range', /\.\./, '`..`');
export const Dot = sign('Dot', /\./, '`.`');
export const At = sign('At', /@/, '`@`');
export const Comma = sign('Comma', /,/, '`,`');
export const LeftParenthesis = sign('LeftParenthesis', /\(/, '`(`');
export const RightParenthesis = sign('RightParenthesis', /\)/, '`)`');
export const Plus = sign('Plus', /\+/, '`+`');
export const Minus = sign('Minus', /-/, '`-`');
export const TimesOrDivide = sign('TimesOrDivide', /[*/]/, '`*` or `/`');

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const Comment = createToken({ name: 'Comment', pattern: /(?:#|\/\/)[^\n\r]*/, group: Lexer.SKIPPED });

export const KEYWORDS = ['token', 'timeframe', 'param', 'in', 'entry', 'exit', 'and', 'or', 'not'] as const;

/** In order of precedence: a timeframe before a number, a range before a dot, keywords before names. */
export const TOKEN_TYPES: TokenType[] = [
  Space,
  Comment,
  TokenKeyword,
  TimeframeKeyword,
  Param,
  In,
  Entry,
  Exit,
  And,
  Or,
  Not,
  Identifier,
  TimeframeName,
  NumberLiteral,
  Comparison,
  Equals,
  Range,
  Dot,
  At,
  Comma,
  LeftParenthesis,
  RightParenthesis,
  Plus,
  Minus,
  TimesOrDivide,
];

export const strategyLexer = new Lexer(TOKEN_TYPES, { ensureOptimizations: true, positionTracking: 'full' });
