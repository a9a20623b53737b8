import { type Candle, TIMEFRAME_MS } from '@onefeed/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, parseAmount } from '../money/amount.ts';
import { aggregateCandles } from './aggregate-candles.ts';

const MINUTE = TIMEFRAME_MS['1m'];

function minute(index: number, figures: Partial<Candle> = {}): Candle {
  return {
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe: '1m',
    openTime: index * MINUTE,
    open: '10.00',
    high: '12.00',
    low: '9.00',
    close: '11.00',
    volume: '1.50000000',
    quoteVolume: '15.25000000',
    trades: 3,
    closed: true,
    ...figures,
  };
}
const empty = (index: number, price: string) =>
  minute(index, {
    open: price,
    high: price,
    low: price,
    close: price,
    volume: '0.00000000',
    quoteVolume: '0.00000000',
    trades: 0,
  });

test('open of the first, close of the last, extremes and sums of all', () => {
  const five = aggregateCandles(
    [
      minute(0),
      minute(1, { high: '100.00' }),
      minute(2, { low: '8.00' }),
      minute(3),
      minute(4, { close: '7.5' }),
    ],
    '5m',
  );
  expect(five).toEqual([
    minute(0, {
      timeframe: '5m',
      high: '100.00',
      low: '8.00',
      close: '7.5',
      volume: '7.50000000',
      quoteVolume: '76.25000000',
      trades: 15,
    }),
  ]);
});

test('a minute without trades sets no price where another has trades', () => {
  const [five] = aggregateCandles(
    [empty(0, '99.00'), minute(1), empty(2, '1.00'), minute(3), empty(4, '50.00')],
    '5m',
  );
  expect(five).toMatchObject({ open: '10.00', high: '12.00', low: '9.00', close: '11.00', trades: 6 });
});

test('a period without any trade keeps the price', () => {
  const [five] = aggregateCandles([empty(0, '99.00'), empty(1, '99.00')], '5m');
  expect(five).toMatchObject({ open: '99.00', close: '99.00', volume: '0.00000000', trades: 0 });
});

test('a hole stays a hole, a missing minute does not spoil its period', () => {
  const fives = aggregateCandles([minute(0), minute(2), minute(15)], '5m');
  expect(fives.map(({ openTime, trades, closed }) => [openTime / MINUTE, trades, closed])).toEqual([
    [0, 6, true],
    [15, 3, false],
  ]);
});

test.each([
  ['out of order', [minute(1), minute(0)]],
  ['out of order', [minute(1), minute(1)]],
  ['still forms', [minute(0, { closed: false })]],
  ['several series', [minute(0), minute(1, { instrument: 'ETHUSDT' })]],
  ['do not add up', [minute(0, { timeframe: '15m' })]],
])('%s is refused', (reason, candles) => {
  expect(() => aggregateCandles(candles, '5m')).toThrow(reason);
});

const figure = fc.integer({ min: 1, max: 1_000_000 }).map((units) => (units / 100).toFixed(2));
const series = fc
  .uniqueArray(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 120 })
  .chain((indexes) =>
    fc.tuple(
      ...indexes
        .sort((a, b) => a - b)
        .map((index) =>
          fc
            .record({ a: figure, b: figure, c: figure, d: figure, trades: fc.integer({ min: 0, max: 3 }) })
            .map(({ a, b, c, d, trades }) => {
              const [low = a, open = a, close = a, high = a] = [a, b, c, d].sort(
                (x, y) => Number(x) - Number(y),
              );
              return trades === 0
                ? empty(index, open)
                : minute(index, { low, open, close, high, volume: b, quoteVolume: c, trades });
            }),
        ),
    ),
  );
const sumOf = (candles: readonly Candle[], key: 'volume' | 'quoteVolume') =>
  formatAmount(candles.reduce((sum, candle) => sum + parseAmount(candle[key]), 0n));

test('it does not matter over which timeframes one goes', () => {
  fc.assert(
    fc.property(series, (minutes) => {
      const closed = (candles: readonly Candle[]) => candles.map((candle) => ({ ...candle, closed: true }));
      const directly = closed(aggregateCandles(minutes, '4h'));
      const over = (step: '5m' | '15m' | '1h') =>
        closed(aggregateCandles(closed(aggregateCandles(minutes, step)), '4h'));
      const plain = (candles: readonly Candle[]) =>
        candles.map((candle) => ({
          ...candle,
          volume: sumOf([candle], 'volume'),
          quoteVolume: sumOf([candle], 'quoteVolume'),
        }));
      for (const step of ['5m', '15m', '1h'] as const) expect(plain(over(step))).toEqual(plain(directly));
    }),
  );
});

test('nothing is lost or invented: sums, extremes and periods', () => {
  fc.assert(
    fc.property(series, (minutes) => {
      const hours = aggregateCandles(minutes, '1h');
      expect(sumOf(hours, 'volume')).toBe(sumOf(minutes, 'volume'));
      expect(sumOf(hours, 'quoteVolume')).toBe(sumOf(minutes, 'quoteVolume'));
      const periods = new Set(minutes.map(({ openTime }) => Math.floor(openTime / TIMEFRAME_MS['1h'])));
      expect(hours.map(({ openTime }) => openTime / TIMEFRAME_MS['1h'])).toEqual([...periods]);
      for (const { low, high, open, close } of hours) {
        expect(Number(low)).toBeLessThanOrEqual(Math.min(Number(open), Number(close)));
        expect(Number(high)).toBeGreaterThanOrEqual(Math.max(Number(open), Number(close)));
      }
    }),
  );
});
