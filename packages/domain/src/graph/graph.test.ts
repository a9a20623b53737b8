import type { Candle, SignalDraft, Timeframe } from '@onefeed/contracts';
import { TIMEFRAME_MS } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStrategySource } from '../../test/any-strategy.ts';
import { byCloseTime } from '../candles/bar.ts';
import { parseStrategy } from '../strategy/parse-strategy.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { createGraph, type Graph } from './graph.ts';

const START = 1_704_067_200_000;

function strategyOf(source: string): Strategy {
  const result = parseStrategy(source);
  if (!result.ok) throw new Error(`${source}: ${JSON.stringify(result.errors)}`);
  return result.strategy;
}

function candle(index: number, close: number, overrides: Partial<Candle> = {}): Candle {
  const timeframe = overrides.timeframe ?? '1m';
  return {
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe,
    openTime: START + index * TIMEFRAME_MS[timeframe],
    open: String(close),
    high: String(close + 1),
    low: String(close - 1),
    close: String(close),
    volume: '10',
    quoteVolume: '10',
    trades: 1,
    closed: true,
    ...overrides,
  };
}

const add = (graph: Graph, ruleKey: string, source: string, history: Candle[] = []) =>
  graph.addRule({ ruleKey, strategy: strategyOf(source), venue: 'binance', instrument: 'BTCUSDT', history });
const feed = (graph: Graph, candles: readonly Candle[]) =>
  candles.flatMap((one) => graph.onCandle(one, { emit: true }));

describe('signals', () => {
  it('are given when a rule turns true, not while it stays true', () => {
    const graph = createGraph();
    add(graph, 'rule', 'timeframe 1m entry close > 100 exit close < 50');
    const signals = feed(
      graph,
      [99, 101, 102, 100, 103, 40, 30].map((close, index) => candle(index, close)),
    );
    expect(signals.map(({ kind, eventTime }) => [kind, (eventTime - START) / 60_000])).toEqual([
      ['entry', 2],
      ['entry', 5],
      ['exit', 6],
    ]);
  });

  it('carry what made them', () => {
    const graph = createGraph();
    add(graph, 'rule', 'timeframe 1m entry crossover(close, sma(close, 2)) and volume > 5');
    const signals = feed(
      graph,
      [10, 8, 9].map((close, index) => candle(index, close)),
    );
    expect(signals).toEqual([
      {
        venue: 'binance',
        instrument: 'BTCUSDT',
        ruleKey: 'rule',
        kind: 'entry',
        eventTime: START + 180_000,
        eventId: `1m:${START + 120_000}`,
        price: '9',
        provenance: {
          rule: 'crossover(close, sma(close, 2)) and volume > 5',
          values: [
            { node: 'crossover(close, sma(close, 2)) and volume > 5', value: true },
            { node: 'crossover(close, sma(close, 2))', value: true },
            { node: 'volume > 5', value: true },
            { node: 'close', value: 9 },
            { node: 'sma(close, 2)', value: 8.5 },
            { node: 'volume', value: 10 },
          ],
        },
      },
    ]);
  });

  it('are not given on what is not known, also under not', () => {
    const graph = createGraph();
    add(graph, 'warming', 'timeframe 1m entry not (sma(close, 5) > 1000)');
    add(graph, 'dividing', 'timeframe 1m entry not (close / (volume - 10) > 1)');
    add(graph, 'decided', 'timeframe 1m entry close > 1 or sma(close, 5) > 1');
    const signals = feed(
      graph,
      [1, 2, 3, 4].map((close, index) => candle(index, close)),
    );
    expect(signals.map(({ ruleKey }) => ruleKey)).toEqual(['decided']);
    expect(feed(graph, [candle(4, 5)]).map(({ ruleKey }) => ruleKey)).toEqual(['warming']);
  });

  it('ignore forming, repeated and older candles', () => {
    const graph = createGraph();
    add(graph, 'rule', 'timeframe 1m entry sma(close, 2) > 10');
    const signals = feed(graph, [
      candle(5, 8),
      candle(6, 1_000, { closed: false }),
      candle(5, 1_000),
      candle(2, 1_000),
      candle(6, 9),
      candle(7, 12),
    ]);
    expect(signals.map(({ eventTime }) => (eventTime - START) / 60_000)).toEqual([8]);
  });

  it('are only given for candles that close after the rule came', () => {
    const graph = createGraph();
    const strategy = strategyOf('timeframe 1m entry close > 10');
    graph.addRule({
      ruleKey: 'rule',
      strategy,
      venue: 'binance',
      instrument: 'BTCUSDT',
      liveFrom: START + 180_000,
    });
    const signals = feed(
      graph,
      [11, 9, 11, 9, 11].map((close, index) => candle(index, close)),
    );
    expect(signals.map(({ eventTime }) => eventTime)).toEqual([START + 300_000]);
  });
});

describe('a longer timeframe', () => {
  const source = 'timeframe 1m entry close > close@5m';

  it('shows its last candle that closed before the shorter one opened, whichever arrives first', () => {
    const minutes = Array.from({ length: 12 }, (_, index) => candle(index, 100));
    const first = candle(0, 99, { timeframe: '5m' });
    const second = candle(1, 101, { timeframe: '5m' });
    const early = [...minutes.slice(0, 4), first, ...minutes.slice(4, 9), second, ...minutes.slice(9)];
    const late = [...minutes.slice(0, 5), first, ...minutes.slice(5, 10), second, ...minutes.slice(10)];
    for (const candles of [early, late]) {
      const graph = createGraph();
      add(graph, 'rule', source);
      // 100 > 99 is seen from the minute after the first five on; it is no news until the second five close.
      expect(feed(graph, candles).map(({ eventTime }) => (eventTime - START) / 60_000)).toEqual([6]);
    }
  });

  it('is never seen before it closed', () => {
    const graph = createGraph();
    add(graph, 'rule', source);
    const future = candle(0, 1, { timeframe: '5m' });
    const signals = feed(graph, [future, ...Array.from({ length: 5 }, (_, index) => candle(index, 100))]);
    expect(signals).toEqual([]);
  });
});

describe('sharing', () => {
  it('evaluates each distinct expression once, whatever the number of rules', () => {
    const graph = createGraph();
    add(graph, 'one', 'timeframe 1m entry crossover(ema(close, 9), ema(close, 21))');
    const alone = graph.stats().nodes;
    for (let index = 0; index < 50; index++) {
      add(
        graph,
        `many${index}`,
        `timeframe 1m entry crossover(ema(close, 9), ema(close, 21)) and close > ${index}`,
      );
    }
    // Each of the 50 brings its number (0..20 are none of the graph's yet), its comparison and its conjunction.
    expect(graph.stats()).toEqual({ rules: 51, nodes: alone + 150, evaluations: 0 });
    graph.onCandle(candle(0, 1), { emit: true });
    expect(graph.stats().evaluations).toBe(alone + 150);
  });

  it('counts users of a rule and lets go of what nobody uses', () => {
    const graph = createGraph();
    add(graph, 'one', 'timeframe 1m entry ema(close, 9) > 1');
    const before = graph.stats().nodes;
    add(graph, 'one', 'timeframe 1m entry ema(close, 9) > 1');
    add(graph, 'two', 'timeframe 1m entry ema(close, 9)@5m > sma(close, 3)');
    expect(graph.stats().rules).toBe(2);
    graph.removeRule('two', 'binance', 'BTCUSDT');
    expect(graph.stats().nodes).toBe(before);
    graph.removeRule('one', 'binance', 'BTCUSDT');
    expect(graph.stats().rules).toBe(1);
    graph.removeRule('one', 'binance', 'BTCUSDT');
    expect(graph.stats()).toMatchObject({ rules: 0, nodes: 0 });
    expect(graph.requiredSeries()).toEqual([]);
  });

  it('names the series it needs, each once with the longest warm-up', () => {
    const graph = createGraph();
    add(graph, 'one', 'timeframe 1m entry sma(close, 9) > 1');
    add(graph, 'two', 'timeframe 1m entry sma(close, 30) > sma(close, 5)@1h');
    expect(graph.requiredSeries()).toEqual([
      { venue: 'binance', instrument: 'BTCUSDT', timeframe: '1m', warmupCandles: 30 },
      { venue: 'binance', instrument: 'BTCUSDT', timeframe: '1h', warmupCandles: 5 },
    ]);
  });
});

/** A random market in 1m candles with the 5m and 15m candles made of them, in the order they close. */
const market = fc
  .array(
    fc.tuple(
      fc.integer({ min: 90, max: 110 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 5 }),
    ),
    {
      minLength: 40,
      maxLength: 90,
    },
  )
  .map((steps) => {
    const minutes = steps.map(([close, wick, volume], index) =>
      candle(index, close, { high: String(close + wick), low: String(close - wick), volume: String(volume) }),
    );
    const longer = (['5m', '15m'] as Timeframe[]).flatMap((timeframe) => {
      const length = TIMEFRAME_MS[timeframe] / 60_000;
      return Array.from({ length: Math.floor(minutes.length / length) }, (_, index) => {
        const parts = minutes.slice(index * length, (index + 1) * length);
        return candle(index, Number(parts.at(-1)?.close), {
          timeframe,
          open: parts[0]?.open ?? '',
          high: String(Math.max(...parts.map(({ high }) => Number(high)))),
          low: String(Math.min(...parts.map(({ low }) => Number(low)))),
          volume: String(parts.reduce((sum, part) => sum + Number(part.volume), 0)),
        });
      });
    });
    return [...minutes, ...longer].sort(byCloseTime);
  });
const sources = fc.array(anyStrategySource, { minLength: 1, maxLength: 6 });
const ofRule = (signals: readonly SignalDraft[], ruleKey: string) =>
  signals.filter((signal) => signal.ruleKey === ruleKey);

/** What the rule alone gives on all candles, computed from the start. */
function recompute(source: string, ruleKey: string, candles: readonly Candle[]): SignalDraft[] {
  const graph = createGraph();
  add(graph, ruleKey, source);
  return feed(graph, candles);
}

// Generous: a slow machine is no failure.
describe('on random strategies and markets', { timeout: 60_000 }, () => {
  it('shared evaluation equals evaluation alone, bit for bit', () => {
    fc.assert(
      fc.property(sources, market, (texts, candles) => {
        const graph = createGraph();
        texts.forEach((text, index) => {
          add(graph, `rule${index}`, text);
        });
        const shared = feed(graph, candles);
        texts.forEach((text, index) => {
          expect(ofRule(shared, `rule${index}`)).toEqual(recompute(text, `rule${index}`, candles));
        });
      }),
      { numRuns: 100 },
    );
  });

  it('a rule added while running gives what it had given from the start, and disturbs no other', () => {
    fc.assert(
      fc.property(
        sources,
        market,
        fc.array(fc.nat(60), { minLength: 6, maxLength: 6 }),
        (texts, candles, starts) => {
          const graph = createGraph();
          const signals: SignalDraft[] = [];
          candles.forEach((one, at) => {
            texts.forEach((text, index) => {
              if (starts[index] === at) add(graph, `rule${index}`, text, candles.slice(0, at).reverse());
            });
            signals.push(...graph.onCandle(one, { emit: true }));
          });
          texts.forEach((text, index) => {
            const from = starts[index] ?? 0;
            const later = new Set(candles.slice(from).map((one) => `${one.timeframe}:${one.openTime}`));
            const expected = recompute(text, `rule${index}`, candles).filter(({ eventId }) =>
              later.has(eventId),
            );
            expect(ofRule(signals, `rule${index}`)).toEqual(from < candles.length ? expected : []);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('rebuilding, forming candles, repeats and removals in between change nothing', () => {
    fc.assert(
      fc.property(sources, market, fc.nat(50), (texts, candles, at) => {
        const graph = createGraph();
        texts.forEach((text, index) => {
          add(graph, `rule${index}`, text);
          add(graph, `other${index}`, text.replace('close', 'sma(close, 7)'));
        });
        const signals = candles.flatMap((one, index) => {
          if (index === at) {
            graph.rebuild('binance', 'BTCUSDT', candles.slice(0, index).reverse());
            for (const other of texts.keys()) graph.removeRule(`other${other}`, 'binance', 'BTCUSDT');
          }
          graph.onCandle({ ...one, close: '1', closed: false }, { emit: true });
          const given = graph.onCandle(one, { emit: true });
          expect(graph.onCandle(one, { emit: true })).toEqual([]);
          return given;
        });
        texts.forEach((text, index) => {
          expect(ofRule(signals, `rule${index}`)).toEqual(recompute(text, `rule${index}`, candles));
        });
      }),
      { numRuns: 100 },
    );
  });
});
