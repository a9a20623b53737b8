import { TIMEFRAME_MS } from '@onefeed/contracts';
import type { HistoryBar } from '@onefeed/venues';
import { expect, test } from 'vitest';
import { deepenHistories } from './deepen.ts';

const MINUTE = TIMEFRAME_MS['1m'];
const bar = (minute: number): HistoryBar => ({
  closeTime: (minute + 1) * MINUTE - 1,
  candle: {
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe: '1m',
    openTime: minute * MINUTE,
    open: '1',
    high: '1',
    low: '1',
    close: '1',
    volume: '0',
    quoteVolume: '0',
    trades: 0,
    closed: true,
  },
});

test('a deepening that is interrupted leaves no gap: the newest of the older candles are stored first', async () => {
  const stored: number[][] = [];
  const one = { instrument: 'BTCUSDT', timeframe: '1m', historyWanted: 2_800, historyRead: 0 } as const;
  const deepening = deepenHistories({
    sync: { shallow: () => [{ ...one }] },
    rest: { newestKlines: async () => Array.from({ length: 2_500 }, (_, minute) => bar(minute)) },
    venueTime: { read: async () => 10_000 * MINUTE },
    candles: { depth: async () => ({ count: 300, oldestOpenTime: 2_500 * MINUTE }) },
    writer: {
      store: async (candles: { openTime: number }[]) => {
        if (stored.length === 2) throw new Error('The term is over.');
        stored.push(
          [candles[0]?.openTime ?? -1, candles.at(-1)?.openTime ?? -1].map((time) => time / MINUTE),
        );
      },
    },
    holes: { found: async () => {} },
    signal: new AbortController().signal,
  } as never);
  await expect(deepening).rejects.toThrow('The term is over.');
  expect(stored).toEqual([
    [1_500, 2_499],
    [500, 1_499],
  ]);
});
