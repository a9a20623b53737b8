import type { CandleHole } from '@onefeed/db';
import type { HistoryBar } from '@onefeed/venues';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createFeedMetrics } from '../metrics.ts';
import { createHoleKeeper } from './hole-keeper.ts';

const MINUTE = 60_000;
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
const range = (from: number, to: number) => ({ fromOpenTime: from * MINUTE, toOpenTime: to * MINUTE });

function setUp(stored: CandleHole[] = []) {
  let now = 0;
  let history: HistoryBar[] = [];
  const recorded = new Map(stored.map((hole) => [hole.fromOpenTime, { ...hole, confirmed: false }]));
  const storedCandles: number[] = [];
  let unreadable = '';
  const keeper = createHoleKeeper({
    rest: {
      klines: async ({ instrument, startTime = 0, endTime = 0 }) => {
        if (instrument === unreadable) throw new Error('Invalid symbol.');
        return history.filter(({ candle }) => candle.openTime >= startTime && candle.openTime <= endTime);
      },
    },
    venueTime: { read: async () => 1_000 * MINUTE },
    holes: {
      record: async (_fence, holes) => {
        for (const hole of holes) recorded.set(hole.fromOpenTime, { ...hole, confirmed: false });
      },
      confirm: async (_fence, hole) => void recorded.set(hole.fromOpenTime, { ...hole, confirmed: true }),
      remove: async (_fence, hole) => void recorded.delete(hole.fromOpenTime),
      list: async () => [...recorded.values()],
    },
    fence: { role: 'feed:binance', epoch: 1 },
    store: async (candles) => void storedCandles.push(...candles.map(({ openTime }) => openTime / MINUTE)),
    clock: { now: () => now, after: () => () => {} },
    metrics: createFeedMetrics(new Registry(), () => 0),
    signal: new AbortController().signal,
  });
  return {
    keeper,
    storedCandles,
    holes: () =>
      [...recorded.values()].map(({ fromOpenTime, toOpenTime, confirmed }) => [
        fromOpenTime / MINUTE,
        toOpenTime / MINUTE,
        confirmed,
      ]),
    pass: (ms: number) => {
      now += ms;
    },
    theVenueForgets: (instrument: string) => {
      unreadable = instrument;
    },
    theVenueHas: (...minutes: number[]) => {
      history = minutes.map(bar);
    },
  };
}
const series = { instrument: 'BTCUSDT', timeframe: '1m' } as const;

test('a hole blocks until a second reading finds it again; then it is a hole of the venue', async () => {
  const { keeper, holes, pass } = setUp();
  await keeper.check();
  await keeper.found(series, [range(5, 9)]);
  await keeper.check();
  expect([...keeper.instruments()]).toEqual(['BTCUSDT']);
  expect(holes()).toEqual([[5, 9, false]]);
  pass(10_000);
  await keeper.check();
  expect([...keeper.instruments()]).toEqual([]);
  expect(holes()).toEqual([[5, 9, true]]);
});

test('candles that the venue has after all are stored; what is still missing is a hole of its own', async () => {
  const { keeper, holes, pass, storedCandles, theVenueHas } = setUp();
  await keeper.check();
  await keeper.found(series, [range(5, 9)]);
  theVenueHas(4, 6, 7, 10);
  pass(10_000);
  await keeper.check();
  expect(storedCandles).toEqual([6, 7]);
  expect(holes()).toEqual([
    [5, 5, false],
    [8, 9, false],
  ]);
  expect(keeper.instruments().size).toBe(1);
  theVenueHas(5, 8, 9);
  pass(10_000);
  await keeper.check();
  expect(storedCandles).toEqual([6, 7, 5, 8, 9]);
  expect(holes()).toEqual([]);
  expect(keeper.instruments().size).toBe(0);
});

test('a successor reads again what its predecessor had not confirmed', async () => {
  const hole = { venue: 'binance', ...series, ...range(5, 5) } as const;
  const { keeper, holes, pass } = setUp([hole]);
  await keeper.check();
  expect(keeper.instruments().size).toBe(1);
  pass(10_000);
  await keeper.check();
  expect(holes()).toEqual([[5, 5, true]]);
});

test('a hole that cannot be read keeps no other waiting', async () => {
  const { keeper, pass, theVenueForgets } = setUp();
  await keeper.check();
  await keeper.found({ instrument: 'GONEUSDT', timeframe: '1m' }, [range(1, 2)]);
  await keeper.found(series, [range(5, 9)]);
  theVenueForgets('GONEUSDT');
  pass(10_000);
  await expect(keeper.check()).rejects.toThrow('Invalid symbol.');
  expect([...keeper.instruments()]).toEqual(['GONEUSDT']);
});
