import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStrategySource } from '../../test/any-strategy.ts';
import { BUILT_IN_STRATEGIES } from './built-in-strategies.ts';
import { formatStrategy } from './format.ts';
import { STRATEGY_LIMITS } from './limits.ts';
import { parseStrategy } from './parse-strategy.ts';
import { warmUpOf } from './warm-up.ts';

const canonical = (source: string) => {
  const result = parseStrategy(source);
  if (!result.ok) throw new Error(`${source}: ${JSON.stringify(result.errors)}`);
  return formatStrategy(result.strategy);
};
const errorsOf = (source: string) => {
  const result = parseStrategy(source);
  return result.ok ? [] : result.errors;
};

describe('parseStrategy', () => {
  it('reads the examples of the language', () => {
    expect(
      canonical(`timeframe 5m
        param fast = 9 in 3..50   # the quick one
        entry crossover(ema(close, fast), ema(close, 21)) and rsi(close, 14) < 70 and close > ema(close, 200)@4h
        exit  crossunder(ema(close, fast), ema(close, 21))`),
    ).toBe(
      'timeframe 5m\n' +
        'entry crossover(ema(close, 9), ema(close, 21)) and rsi(close, 14) < 70 and close > ema(close, 200)@4h\n' +
        'exit crossunder(ema(close, 9), ema(close, 21))',
    );
    expect(
      canonical('token\nentry ai_score > 0.70 and age < 120 and dev_share < 0.10 and unique_buyers >= 12'),
    ).toBe('token\nentry ai_score > 0.7 and age < 120 and dev_share < 0.1 and unique_buyers >= 12');
  });

  it('gives equal texts to equal strategies', () => {
    expect(canonical('entry close>1')).toBe(canonical('timeframe 5m entry ((close) > (1.0))'));
    expect(canonical('entry macd(close).line > 0')).toBe(canonical('entry macd(close, 12, 26, 9).line > 0'));
    expect(canonical('param x = -3 in -5..0 entry close > x')).toBe(canonical('entry close > -3'));
    expect(canonical('timeframe 4h entry sma(close, 9)@4h > 1')).toBe(
      canonical('timeframe 4h entry sma(close, 9) > 1'),
    );
  });

  it('keeps the meaning of precedence and parentheses', () => {
    expect(canonical('entry not (close > 1 or open > 2) and high - (low - close) > -(2 + 3) * 4')).toBe(
      'timeframe 5m\nentry not (close > 1 or open > 2) and high - (low - close) > -(2 + 3) * 4',
    );
    expect(canonical('entry (close > open)@1d')).toBe('timeframe 5m\nentry (close > open)@1d');
  });

  it.each([
    ['', 1, 1, 'needs an `entry`', 'for example'],
    ['entri close > 1', 1, 1, 'expected `entry`', 'did you mean `entry`?'],
    ['timeframe 5m\nentry emma(close, 9) > 1', 2, 7, 'unknown function `emma`', 'did you mean `ema`?'],
    ['entry clsoe > 1', 1, 7, 'unknown name `clsoe`', 'did you mean `close`?'],
    ['token entry unique_buyer > 1', 1, 13, 'unknown name', 'did you mean `unique_buyers`?'],
    ['entry ema(close, 9)', 1, 7, 'true or false', 'compare it'],
    ['entry close > ai_score', 1, 15, 'of tokens', 'begin the text with `token`'],
    ['token entry close > 1', 1, 13, 'of candles', 'price_change'],
    ['token entry sma(age, 3) > 1', 1, 13, 'works on candles', undefined],
    ['token timeframe 5m entry age > 1', 1, 17, 'no timeframe', undefined],
    ['entry macd(close) > 0', 1, 7, 'several values', '`.line`'],
    ['entry macd(close).lin > 0', 1, 18, 'no `.lin`', 'did you mean `line`?'],
    ['entry ema(close, 9).line > 0', 1, 20, 'one value only', 'leave out'],
    ['entry 1 < close < 3', 1, 17, 'do not chain', 'a < b and b < c'],
    ['entry sma(close, 0) > 1', 1, 18, 'whole number from 1 to 1000', undefined],
    ['entry sma(close, 1001) > 1', 1, 18, 'whole number from 1 to 1000', undefined],
    ['entry sma(close, 2.5) > 1', 1, 18, 'whole number', undefined],
    ['entry sma(close, close) > 1', 1, 18, 'must be a number or a param', undefined],
    ['entry sma(close) > 1', 1, 7, 'needs its period', 'sma(close, 20)'],
    ['entry rsi(close, 1) > 1', 1, 18, 'from 2 to', undefined],
    ['entry close(9) > 1', 1, 7, 'is a value', 'without parentheses'],
    ['entry ema > 1', 1, 7, 'needs its arguments', 'ema(close, 20)'],
    ['entry (close > 1) + 2 > 1', 1, 14, 'a number is needed', undefined],
    ['entry close and open', 1, 7, 'true or false is needed', 'compare it'],
    ['timeframe 7m entry close > 1', 1, 11, 'not a timeframe', '1m, 5m'],
    ['timeframe 1h entry close@5m > 1', 1, 25, 'shorter than 1h', 'timeframe 5m'],
    ['entry close > 1 entry close > 2', 1, 17, '`entry` is given twice', '`or`'],
    ['param a = 3 in 5..9 entry close > a', 1, 7, 'outside its range', undefined],
    ['param close = 3 in 1..9 entry close > 1', 1, 7, 'has a meaning already', undefined],
    ['entry close > 1e999', 1, 15, 'too large', undefined],
    ['entry close > $', 1, 15, 'no meaning', undefined],
    ['entry close >', 1, 14, 'found the end of the text', undefined],
  ])('%s', (source, line, column, message, hint) => {
    const [error] = errorsOf(source);
    expect(error).toMatchObject({ line, column });
    expect(error?.message).toContain(message);
    if (hint === undefined) expect(error?.hint).toBeUndefined();
    else expect(error?.hint).toContain(hint);
  });

  it('tells several errors at once, in the order of the text', () => {
    expect(
      errorsOf('entry emma(close, 9) > opne\nexit foo').map(({ line, column }) => [line, column]),
    ).toEqual([
      [1, 7],
      [1, 24],
      [2, 6],
    ]);
  });

  it.each([
    ['long text', `entry close > 1 ${' '.repeat(STRATEGY_LIMITS.characters)}`, 'too long'],
    ['deep parentheses', `entry ${'('.repeat(700)}close > 1${')'.repeat(700)}`, 'nested too deep'],
    ['deep calls', `entry ${'sma('.repeat(150)}close${', 2)'.repeat(150)} > 1`, 'nested too deep'],
    ['many words', `entry ${'not '.repeat(2_000)}close > 1`, 'words and signs'],
    ['a long chain', `entry close${' + 1'.repeat(700)} > 1`, 'more than 200'],
    ['many signs', `entry ${'- '.repeat(1_400)}close > 1`, 'more than 200'],
  ])('refuses %s', (_name, source, message) => {
    expect(errorsOf(source)[0]?.message).toContain(message);
  });

  it('takes what is just within the limits', () => {
    const depth = STRATEGY_LIMITS.nesting;
    expect(parseStrategy(`entry ${'('.repeat(depth)}close${')'.repeat(depth)} > 1`).ok).toBe(true);
    expect(parseStrategy(`entry close${' + 1'.repeat(98)} > 1`).ok).toBe(true);
  });

  it('never throws', () => {
    const pieces = fc.constantFrom(
      ...[
        'entry ',
        'exit ',
        'token ',
        'timeframe 5m ',
        'param a = 1 in 0..2 ',
        'close',
        '(',
        ')',
        ',',
        '@4h',
        '.line',
      ],
      ...[
        'ema(close, 9)',
        ' and ',
        ' or ',
        'not ',
        ' > ',
        '-',
        '1',
        '1e9',
        '\n',
        '\u0000',
        '😀',
        'macd',
        '..',
        '=',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (source) => {
          const result = parseStrategy(source);
          if (!result.ok) {
            expect(result.errors.length).toBeGreaterThan(0);
            for (const error of result.errors) {
              expect(error.line).toBeGreaterThan(0);
              expect(error.column).toBeGreaterThan(0);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('formats stably: the canonical text parses to the same strategy', () => {
    fc.assert(
      fc.property(anyStrategySource, (source) => {
        const first = parseStrategy(source);
        if (!first.ok) throw new Error(`${source}: ${JSON.stringify(first.errors)}`);
        const text = formatStrategy(first.strategy);
        const second = parseStrategy(text);
        if (!second.ok) throw new Error(`${text}: ${JSON.stringify(second.errors)}`);
        expect(formatStrategy(second.strategy)).toBe(text);
        expect({ ...second.strategy, params: [], nodeCount: 0 }).toEqual({
          ...first.strategy,
          params: [],
          nodeCount: 0,
        });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('built-in strategies', () => {
  it.each(BUILT_IN_STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    '%s parses',
    (_name, strategy) => {
      const result = parseStrategy(strategy.source);
      expect(result).toMatchObject({ ok: true, strategy: { kind: strategy.kind } });
    },
  );

  it('have distinct names', () => {
    const names = BUILT_IN_STRATEGIES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['AI_PREDICTIONS', 'EMA_CROSS', 'RSI_REVERSION', 'MACD_TREND']),
    );
  });
});

describe('warmUpOf', () => {
  it.each([
    ['timeframe 1m entry close > 1', { '1m': 1 }],
    ['timeframe 1m entry crossover(ema(close, 9), ema(close, 21))', { '1m': 22 }],
    ['timeframe 1m entry macd(close, 12, 26, 9).histogram > 0', { '1m': 34 }],
    ['timeframe 1m entry sma(rsi(close, 14), 5) > 0', { '1m': 19 }],
    ['timeframe 5m entry close > ema(close, 200)@4h', { '5m': 1, '4h': 200 }],
  ])('%s', (source, expected) => {
    const result = parseStrategy(source);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(Object.fromEntries(warmUpOf(result.strategy))).toEqual(expected);
  });
});
