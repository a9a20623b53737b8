import type { Candle } from '@onefeed/contracts';
import { buildCandle, createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPool, type Pool } from '../pool.ts';
import { createCandleHolesRepository } from './candle-holes.ts';
import { createCandleRetentionRepository } from './candle-retention.ts';
import { createCandlesRepository } from './candles.ts';
import { createFeedHealthRepository } from './feed-health.ts';
import { FencedOutError } from './fence.ts';
import { createStreamDemandRepository } from './stream-demand.ts';

const FENCE = { role: 'feed:test', epoch: 3 };
const OVER = { role: 'feed:test', epoch: 2 };
const MINUTE = 60_000;
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, maxConnections: 4, applicationName: 'test' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('truncate candles, candle_holes, feed_health, stream_demand, leader_epochs');
  await pool.query("insert into leader_epochs (role, epoch, holder) values ('feed:test', 3, 'me')");
});

function bar(minute: number, change: Partial<Candle> = {}): Candle {
  const { seq: _, ...candle } = buildCandle({
    openTime: minute * MINUTE,
    instrument: 'BTCUSDT',
    timeframe: '1m',
    ...change,
  });
  return candle;
}
const btc = { venue: 'binance', instrument: 'BTCUSDT', timeframe: '1m' } as const;
const minutes = async (instrument = 'BTCUSDT') =>
  (await createCandlesRepository(pool).latest({ ...btc, instrument }, 1_000)).map(
    ({ openTime }) => openTime / MINUTE,
  );
const some = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => bar(from + index));

test('holes are recorded once, grow, are confirmed and removed', async () => {
  const holes = createCandleHolesRepository(pool);
  const hole = { ...btc, fromOpenTime: 60_000, toOpenTime: 120_000 };
  const list = (unconfirmedOnly: boolean) => holes.list('binance', { unconfirmedOnly, limit: 10 });
  await holes.record(FENCE, [hole, hole]);
  await holes.record(FENCE, [{ ...hole, toOpenTime: 180_000 }]);
  expect(await list(true)).toEqual([{ ...hole, toOpenTime: 180_000, confirmed: false }]);
  await holes.confirm(FENCE, hole);
  expect(await list(true)).toEqual([]);
  expect(await list(false)).toMatchObject([{ confirmed: true }]);
  await expect(holes.remove(OVER, hole)).rejects.toThrow(FencedOutError);
  await holes.remove(FENCE, hole);
  expect(await list(false)).toEqual([]);
});

test('troubles change by instrument, and only in the term of the writer', async () => {
  const health = createFeedHealthRepository(pool);
  await health.change(FENCE, 'binance', [
    { instrument: 'BTCUSDT', trouble: 'hole', since: 5 },
    { instrument: 'ETHUSDT', trouble: 'disconnected', since: 6 },
  ]);
  await health.change(FENCE, 'binance', [
    { instrument: 'BTCUSDT', trouble: 'overdue', since: 7 },
    { instrument: 'ETHUSDT', trouble: null, since: 7 },
    { instrument: 'NEVERBAD', trouble: null, since: 7 },
  ]);
  await expect(
    health.change(OVER, 'binance', [{ instrument: 'BTCUSDT', trouble: null, since: 8 }]),
  ).rejects.toThrow(FencedOutError);
  expect(await health.troubled('binance')).toEqual([{ instrument: 'BTCUSDT', trouble: 'overdue', since: 7 }]);
  expect(await health.troubled('pumpfun')).toEqual([]);
});

test('the longest history wanted of a stream counts, and a renewal may shorten it', async () => {
  const demand = createStreamDemandRepository(pool);
  await demand.renewDemand('chart', [btc], 60);
  await demand.renewDemand(
    'engine',
    [
      { ...btc, historyCandles: 500 },
      { ...btc, historyCandles: 2_000 },
    ],
    60,
  );
  expect(await demand.activeDemand()).toEqual([{ ...btc, historyCandles: 2_000, holders: 2 }]);
  await demand.renewDemand('engine', [{ ...btc, historyCandles: 400 }], 60);
  expect(await demand.activeDemand()).toEqual([{ ...btc, historyCandles: 400, holders: 2 }]);
});

test('the wishes of a holder that died end with its lease, those of the living stay', async () => {
  const demand = createStreamDemandRepository(pool);
  await demand.renewDemand('dead', [btc, { ...btc, timeframe: '5m' }], 60);
  await demand.renewDemand('living', [btc], 60);
  expect(await demand.activeDemand()).toMatchObject([{ holders: 2 }, { timeframe: '5m', holders: 1 }]);
  await pool.query(
    "update stream_demand set expires_at = now() - interval '61 seconds' where holder = 'dead'",
  );
  expect(await demand.activeDemand()).toEqual([{ ...btc, historyCandles: 0, holders: 1 }]);
  expect(await demand.pruneExpired()).toBe(2);
  expect(await demand.activeDemand()).toHaveLength(1);
});

test('depth counts the newest candles up to a bound', async () => {
  const candles = createCandlesRepository(pool);
  expect(await candles.depth(btc, 10)).toEqual({ count: 0, oldestOpenTime: null });
  await candles.storeClosed(FENCE, 'binance', some(1, 6), 'history');
  expect(await candles.depth(btc, 10)).toEqual({ count: 5, oldestOpenTime: MINUTE });
  expect(await candles.depth(btc, 2)).toEqual({ count: 2, oldestOpenTime: 4 * MINUTE });
});

test('every stored series is found', async () => {
  const candles = createCandlesRepository(pool);
  const retention = createCandleRetentionRepository(pool);
  expect(await retention.storedSeries('binance')).toEqual([]);
  const other = [bar(0, { timeframe: '5m' }), bar(0, { instrument: 'AAA' }), bar(0, { instrument: 'ZZZ' })];
  await candles.storeClosed(FENCE, 'binance', [...some(1, 4), ...other], 'history');
  expect(
    (await retention.storedSeries('binance')).map(
      ({ instrument, timeframe }) => `${instrument} ${timeframe}`,
    ),
  ).toEqual(['AAA 1m', 'BTCUSDT 1m', 'BTCUSDT 5m', 'ZZZ 1m']);
});

test('old candles go in pieces, oldest first; the newest stay whatever their age', async () => {
  const candles = createCandlesRepository(pool);
  const retention = createCandleRetentionRepository(pool);
  await candles.storeClosed(FENCE, 'binance', [...some(0, 10), bar(0, { instrument: 'ETHUSDT' })], 'history');
  const prune = (beforeMinute: number, keepNewest: number, limit = 100) =>
    retention.prune({ ...btc, beforeOpenTime: beforeMinute * MINUTE, keepNewest }, limit);
  expect(await prune(4, 3, 3)).toBe(3);
  expect(await prune(4, 3, 3)).toBe(1);
  expect(await prune(4, 3)).toBe(0);
  expect(await minutes()).toEqual([4, 5, 6, 7, 8, 9]);
  expect(await prune(1_000, 4)).toBe(2);
  expect(await minutes()).toEqual([6, 7, 8, 9]);
  expect(await prune(1_000, 50)).toBe(0);
  expect(await minutes('ETHUSDT')).toEqual([0]);
});

test('the numbering goes on when the newest number belongs to an old candle', async () => {
  const candles = createCandlesRepository(pool);
  const retention = createCandleRetentionRepository(pool);
  await candles.storeClosed(FENCE, 'binance', some(5, 8), 'live');
  await candles.storeClosed(FENCE, 'binance', some(0, 2), 'history');
  expect(await retention.prune({ ...btc, beforeOpenTime: 1_000 * MINUTE, keepNewest: 1 }, 100)).toBe(3);
  expect(await minutes()).toEqual([1, 7]);
  const [next] = await candles.storeClosed(FENCE, 'binance', [bar(8)], 'live');
  expect(next?.seq).toBe(6);
});
