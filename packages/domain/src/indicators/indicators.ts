import { ATR, RSI, SMA } from 'trading-signals';
import type { Bar } from '../candles/bar.ts';
import { createRollingDeviation } from './rolling-deviation.ts';
import { createSeededEma } from './seeded-ema.ts';

/** Takes one value a candle and gives the indicator's value, or NaN while it warms up. */
export interface Indicator<Input> {
  update(input: Input): number;
}

interface Setting {
  name: string;
  kind: 'period' | 'multiplier';
  /** Absent: the writer must give it. */
  default?: number;
  /** Smallest allowed period; 1 unless told. */
  minimum?: number;
}

export interface IndicatorDefinition {
  description: string;
  /** What is computed on: a number series given first, or the whole candle. */
  input: 'series' | 'candle';
  settings: readonly Setting[];
  /** Names of its values when it has several; one must be chosen with `.name`. */
  outputs: readonly string[];
  /** Values of its input until the (named) output is defined. */
  warmup(settings: readonly number[], output: string | null): number;
}

const period = (settings: readonly number[], index = 0) => settings[index] ?? 1;

/** The indicators of the language. Conventions: EMA, RSI and ATR start from the simple average of the first period. */
export const INDICATORS = {
  sma: {
    description: 'Simple moving average.',
    input: 'series',
    settings: [{ name: 'period', kind: 'period' }],
    outputs: [],
    warmup: (settings) => period(settings),
  },
  ema: {
    description: 'Exponential moving average, weight 2 / (period + 1).',
    input: 'series',
    settings: [{ name: 'period', kind: 'period' }],
    outputs: [],
    warmup: (settings) => period(settings),
  },
  rsi: {
    description: "Relative strength index 0..100, Wilder's smoothing.",
    input: 'series',
    settings: [{ name: 'period', kind: 'period', default: 14, minimum: 2 }],
    outputs: [],
    warmup: (settings) => period(settings) + 1,
  },
  macd: {
    description: 'Moving average convergence divergence: fast EMA - slow EMA, its EMA, and their difference.',
    input: 'series',
    settings: [
      { name: 'fast', kind: 'period', default: 12 },
      { name: 'slow', kind: 'period', default: 26 },
      { name: 'signal', kind: 'period', default: 9 },
    ],
    outputs: ['line', 'signal', 'histogram'],
    warmup: (settings, output) =>
      Math.max(period(settings), period(settings, 1)) + (output === 'line' ? 0 : period(settings, 2) - 1),
  },
  bollinger: {
    description: 'Simple moving average and bands of `multiplier` population standard deviations.',
    input: 'series',
    settings: [
      { name: 'period', kind: 'period', default: 20 },
      { name: 'multiplier', kind: 'multiplier', default: 2 },
    ],
    outputs: ['upper', 'middle', 'lower'],
    warmup: (settings) => period(settings),
  },
  atr: {
    description: "Average true range, Wilder's smoothing; the first candle's range is high - low.",
    input: 'candle',
    settings: [{ name: 'period', kind: 'period', default: 14 }],
    outputs: [],
    warmup: (settings) => period(settings),
  },
} as const satisfies Record<string, IndicatorDefinition>;

export type IndicatorName = keyof typeof INDICATORS;

export function isIndicatorName(name: string): name is IndicatorName {
  return Object.hasOwn(INDICATORS, name);
}

export function indicatorDefinition(name: IndicatorName): IndicatorDefinition {
  return INDICATORS[name];
}

/** Steps that nodes are made of; MACD and Bollinger bands are put together from them, which shares more. */
export type ElementaryIndicator = 'sma' | 'ema' | 'rsi' | 'deviation';

/** A fresh indicator of one number series. */
export function createSeriesIndicator(name: ElementaryIndicator, period: number): Indicator<number> {
  switch (name) {
    case 'ema':
      return createSeededEma(period);
    case 'sma': {
      const sma = new SMA(period);
      return { update: (value) => sma.update(value, false) ?? Number.NaN };
    }
    case 'rsi': {
      const rsi = new RSI(period);
      return { update: (value) => rsi.update(value, false) ?? Number.NaN };
    }
    case 'deviation':
      return createRollingDeviation(period);
  }
}

/** A fresh average true range. */
export function createAtr(period: number): Indicator<Bar> {
  const atr = new ATR(period);
  return { update: (bar) => atr.update(bar, false) ?? Number.NaN };
}
