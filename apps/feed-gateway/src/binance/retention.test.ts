import type { PrunedSeries } from '@onefeed/db';
import { expect, test } from 'vitest';
import { parseRetention, pruneCandles } from './retention.ts';

const DAY = 86_400_000;

function setUp() {
  const asked: PrunedSeries[] = [];
  const left = new Map([['BTCUSDT 1m', 2_500]]);
  const pruned: number[] = [];
  const deps = {
    venue: 'binance' as const,
    retention: parseRetention(['1m:30', '1h:730']),
    keepNewest: 10_000,
    candles: {
      storedSeries: async () => [
        { instrument: 'BTCUSDT', timeframe: '1m' as const },
        { instrument: 'BTCUSDT', timeframe: '1d' as const },
        { instrument: 'ETHUSDT', timeframe: '1h' as const },
      ],
      async prune(series: PrunedSeries, limit: number) {
        asked.push(series);
        const key = `${series.instrument} ${series.timeframe}`;
        const count = Math.min(limit, left.get(key) ?? 0);
        left.set(key, (left.get(key) ?? 0) - count);
        return count;
      },
    },
    clock: {
      now: () => 0,
      after(_ms: number, run: () => void) {
        queueMicrotask(run);
        return () => {};
      },
    },
    signal: new AbortController().signal,
    onPruned: (_timeframe: string, count: number) => pruned.push(count),
  };
  return { deps, asked, pruned };
}

test('each series goes in pieces, up to the age of its timeframe by the time of the venue', async () => {
  const { deps, asked, pruned } = setUp();
  await pruneCandles(deps, 1_000 * DAY);
  expect(pruned).toEqual([1_000, 1_000, 500]);
  expect(asked.at(0)).toEqual({
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe: '1m',
    beforeOpenTime: 970 * DAY,
    keepNewest: 10_000,
  });
  expect(asked.at(-1)).toMatchObject({ instrument: 'ETHUSDT', beforeOpenTime: 270 * DAY });
});

test('a timeframe without an age is kept for ever', async () => {
  const { deps, asked } = setUp();
  await pruneCandles(deps, 10_000 * DAY);
  expect(asked.map(({ timeframe }) => timeframe)).not.toContain('1d');
});

test('nothing goes before the time of the venue is known, or after the end of the term', async () => {
  const { deps, asked } = setUp();
  await pruneCandles(deps, 0);
  expect(asked).toEqual([]);
  const ended = new AbortController();
  ended.abort();
  await pruneCandles({ ...deps, signal: ended.signal }, 1_000 * DAY);
  expect(asked).toEqual([]);
});
