import type { Candle, TokenChecked, TokenEvent } from '@onefeed/contracts';
import {
  buildCandle,
  buildInstrument,
  buildTokenCreated,
  buildTokenTraded,
  createTestDatabase,
  type TestDatabase,
} from '@onefeed/testkit';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createPool, type Pool } from '../pool.ts';
import { createCandlesRepository } from './candles.ts';
import { FencedOutError } from './fence.ts';
import { createInstrumentsRepository } from './instruments.ts';
import { createServiceStatusRepository } from './service-status.ts';
import { createStreamDemandRepository } from './stream-demand.ts';
import { createTokenEventsRepository } from './token-events.ts';
import { createTokenMarketsRepository } from './token-markets.ts';
import { createTokensRepository } from './tokens.ts';

const FENCE = { role: 'feed:test', epoch: 3 };
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
  await pool.query(
    'truncate candles, tokens, token_events, instruments, stream_demand, service_status, leader_epochs',
  );
  await pool.query('insert into leader_epochs (role, epoch, holder) values ($1, $2, $3)', [
    'feed:test',
    3,
    'me',
  ]);
});

function bar(minute: number, close = '1.50'): Candle {
  const { seq: _, ...candle } = buildCandle({
    openTime: minute * MINUTE,
    instrument: 'BTCUSDT',
    timeframe: '1m',
    close,
  });
  return candle;
}

test('candles are numbered in the order given; what is stored already is left out', async () => {
  const candles = createCandlesRepository(pool);
  const first = await candles.storeClosed(FENCE, 'binance', [bar(1), bar(2)], 'history');
  expect(first.map(({ seq, openTime }) => [seq, openTime])).toEqual([
    [1, MINUTE],
    [2, 2 * MINUTE],
  ]);
  const second = await candles.storeClosed(FENCE, 'binance', [bar(2), bar(3), bar(3), bar(1)], 'live');
  expect(second.map(({ seq, openTime }) => [seq, openTime])).toEqual([[3, 3 * MINUTE]]);
  expect(await candles.readAfterSeq('binance', 1, 10)).toEqual([first[1], second[0]]);
  expect(await candles.newestSeq('binance')).toBe(3);
  expect(await candles.newestSeq('pumpfun')).toBe(0);
});

test('history corrects and gives a new number, a final frame does not', async () => {
  const candles = createCandlesRepository(pool);
  await candles.storeClosed(FENCE, 'binance', [bar(1, '1.50'), bar(2)], 'live');
  expect(await candles.storeClosed(FENCE, 'binance', [bar(1, '1.60')], 'live')).toEqual([]);
  expect(await candles.storeClosed(FENCE, 'binance', [bar(1, '1.500')], 'history')).toEqual([]);
  const corrected = await candles.storeClosed(FENCE, 'binance', [bar(1, '1.60')], 'history');
  expect(corrected).toMatchObject([{ seq: 3, close: '1.60', openTime: MINUTE }]);
  expect((await candles.readAfterSeq('binance', 0, 10)).map(({ seq }) => seq)).toEqual([2, 3]);
});

test("the venue's digits come back unchanged", async () => {
  const candles = createCandlesRepository(pool);
  const texts = [
    '0',
    '0.00000000',
    '1',
    '1.0',
    '1.10',
    '0.000000000000000001',
    '60719.27000000',
    '123456789012345678901234567890.123456789012345678',
  ];
  const given = texts.map((close, minute) => bar(minute, close));
  await candles.storeClosed(FENCE, 'binance', given, 'history');
  const series = { venue: 'binance', instrument: 'BTCUSDT', timeframe: '1m' } as const;
  const stored = await candles.latest(series, 1_000);
  expect(stored.map(({ seq: _, ...candle }) => candle)).toEqual(given);
});

test('the newest of a series, before a time, and the last of several', async () => {
  const candles = createCandlesRepository(pool);
  await candles.storeClosed(
    FENCE,
    'binance',
    [1, 2, 3, 4].map((minute) => bar(minute)),
    'history',
  );
  const series = { venue: 'binance', instrument: 'BTCUSDT', timeframe: '1m' } as const;
  const opens = async (limit: number, before?: number) =>
    (await candles.latest(series, limit, before)).map(({ openTime }) => openTime / MINUTE);
  expect(await opens(2)).toEqual([3, 4]);
  expect(await opens(2, 3 * MINUTE)).toEqual([1, 2]);
  expect(await candles.lastOpenTimes('binance', [series, { ...series, timeframe: '5m' }])).toEqual([
    { instrument: 'BTCUSDT', timeframe: '1m', openTime: 4 * MINUTE },
  ]);
});

test('a writer whose term is over stores nothing', async () => {
  const candles = createCandlesRepository(pool);
  const events = createTokenEventsRepository(pool);
  await pool.query("update leader_epochs set epoch = 4 where role = 'feed:test'");
  await expect(candles.storeClosed(FENCE, 'binance', [bar(1)], 'live')).rejects.toThrow(FencedOutError);
  await expect(events.store(FENCE, [{ dedupeKey: 'a', event: buildTokenCreated() }])).rejects.toThrow(
    FencedOutError,
  );
  await expect(
    candles.storeClosed({ role: 'nobody', epoch: 1 }, 'binance', [bar(1)], 'live'),
  ).rejects.toThrow(FencedOutError);
  expect(await candles.newestSeq('binance')).toBe(0);
});

test('a successor waits for a write that is going on', async () => {
  const candles = createCandlesRepository(pool);
  const blocker = await pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table candles in access exclusive mode');
  const write = candles.storeClosed(FENCE, 'binance', [bar(1)], 'live');
  const waiting =
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1";
  const blocked = async (like: string) => {
    // Asked outside the transaction: inside, Postgres would repeat its first answer.
    while ((await pool.query(waiting, [like])).rowCount === 0);
  };
  await blocked('%with given as%');
  const raise = pool
    .query("update leader_epochs set epoch = 4 where role = 'feed:test'")
    .then(() => candles.newestSeq('binance'));
  await blocked('update leader_epochs%');
  await blocker.query('commit');
  blocker.release();
  await write;
  // Whoever has raised the epoch sees what was written under the one before.
  expect(await raise).toBe(1);
});

const keyed = (...events: TokenEvent[]) =>
  events.map((event) => ({
    dedupeKey: event.kind === 'checked' ? `checked ${event.at}` : event.signature,
    event,
  }));

test('token events are stored once, and their tokens follow', async () => {
  const events = createTokenEventsRepository(pool);
  const tokens = createTokensRepository(pool);
  const created = buildTokenCreated({ mint: 'A', signature: 's1', at: 10 });
  const bought = buildTokenTraded({ mint: 'A', signature: 's2', at: 20 });
  expect(await events.store(FENCE, keyed(created, bought, created))).toEqual([
    { ...created, seq: 1 },
    { ...bought, seq: 2 },
  ]);
  expect(await events.store(FENCE, keyed(bought))).toEqual([]);
  expect(await tokens.getMany(['A', 'B'])).toEqual([
    {
      mint: 'A',
      name: created.name,
      symbol: created.symbol,
      uri: created.uri,
      creator: created.creator,
      createdAt: 10,
      status: 'curve',
      reserves: bought.reserves,
      price: '0.000000029853991923',
      marketCapSol: '29.853991923',
      untradeableReason: null,
      aiScore: null,
    },
  ]);
  const soldOut = { virtualSolLamports: '115005359057', virtualTokenUnits: '279900000000000' };
  await events.store(FENCE, keyed(buildTokenTraded({ mint: 'A', signature: 's3', reserves: soldOut })));
  expect(await tokens.getMany(['A'])).toMatchObject([{ status: 'complete', marketCapSol: '410.880168121' }]);
  const migrated: TokenEvent = {
    kind: 'migrated',
    seq: 0,
    mint: 'A',
    at: 30,
    signature: 's4',
    pool: 'pump-amm',
  };
  const reduced = buildTokenTraded({ mint: 'A', signature: 's5', reserves: null, pool: 'amm' });
  await events.store(FENCE, keyed(migrated, reduced));
  expect(await tokens.getMany(['A'])).toMatchObject([{ status: 'migrated', reserves: soldOut }]);
  expect((await events.readAfterSeq(2, 10)).map(({ seq, kind }) => [seq, kind])).toEqual([
    [3, 'traded'],
    [4, 'migrated'],
    [5, 'traded'],
  ]);
  expect((await events.ofToken('A', 2)).map(({ seq }) => seq)).toEqual([4, 5]);
});

test('a check flags a token, and the next one clears or corrects it', async () => {
  const events = createTokenEventsRepository(pool);
  const markets = createTokenMarketsRepository(pool);
  const created = buildTokenCreated({ mint: 'A', signature: 's1' });
  const check = (at: number, changes: Partial<TokenChecked>): TokenChecked => ({
    kind: 'checked',
    seq: 0,
    mint: 'A',
    at,
    unconfirmedReason: null,
    untradeableReason: null,
    state: null,
    ...changes,
  });
  const flagged = check(1, { unconfirmedReason: 'trades were missed' });
  const bought = buildTokenTraded({ mint: 'A', signature: 's2' });
  await events.store(FENCE, keyed(created, flagged));
  // A trade says nothing of what was missed before it: the flag stays.
  await events.store(FENCE, keyed(bought));
  expect(await markets.getMany(['A'])).toEqual([
    {
      mint: 'A',
      status: 'curve',
      reserves: bought.reserves,
      untradeableReason: null,
      unconfirmedReason: 'trades were missed',
      lastSeq: 3,
    },
  ]);
  const reserves = { virtualSolLamports: '115005359057', virtualTokenUnits: '279900000000000' };
  const state = { status: 'complete', reserves } as const;
  await events.store(FENCE, keyed(check(2, { untradeableReason: 'another quote', state })));
  await events.store(FENCE, keyed(check(3, {})));
  expect(await markets.getMany(['A'])).toEqual([
    {
      mint: 'A',
      status: 'complete',
      reserves,
      untradeableReason: 'another quote',
      unconfirmedReason: null,
      lastSeq: 5,
    },
  ]);
});

test('events of tokens whose creation was not seen are kept in the log only', async () => {
  const events = createTokenEventsRepository(pool);
  await events.store(FENCE, keyed(buildTokenTraded({ mint: 'Unknown', signature: 's1' })));
  expect(await events.newestSeq()).toBe(1);
  expect(await createTokensRepository(pool).newest(10)).toEqual([]);
});

test.each(['changes', 'scores'])('%s of tokens wait for one row holding no later one', async (writer) => {
  const tokens = createTokensRepository(pool);
  const tokenEvents = createTokenEventsRepository(pool);
  // Stored in the wrong order: whoever follows the heap would lock B first.
  for (const mint of ['B', 'A']) {
    await tokenEvents.store(FENCE, keyed(buildTokenCreated({ mint, signature: `create${mint}` })));
  }
  const other = await pool.connect();
  try {
    await other.query('begin');
    await other.query("select from tokens where mint = 'A' for update");
    const writing =
      writer === 'scores'
        ? tokens.setScores([
            { mint: 'B', score: 0.2 },
            { mint: 'A', score: 0.1 },
          ])
        : tokenEvents.store(
            FENCE,
            keyed(
              buildTokenTraded({ mint: 'B', signature: 'tradeB' }),
              buildTokenTraded({ mint: 'A', signature: 'tradeA' }),
            ),
          );
    await vi.waitUntil(async () => {
      const waiting = await pool.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.rows.length > 0;
    });
    await other.query("select from tokens where mint = 'B' for update nowait");
    await other.query('commit');
    await writing;
  } finally {
    await other.query('rollback');
    other.release();
  }
});

test('tokens of one millisecond are parted between pages without a loss', async () => {
  const tokens = createTokensRepository(pool);
  const mints = ['C', 'A', 'B'];
  await createTokenEventsRepository(pool).store(
    FENCE,
    keyed(...mints.map((mint) => buildTokenCreated({ mint, signature: mint, at: 7 }))),
  );
  const first = await tokens.newest(2);
  const rest = await tokens.newest(2, first.at(-1));
  expect([...first, ...rest].map(({ mint }) => mint)).toEqual(['A', 'B', 'C']);
});

test('pruning keeps numbering, the held and the young', async () => {
  const events = createTokenEventsRepository(pool);
  const tokens = createTokensRepository(pool);
  const create = (mint: string, at: number) => buildTokenCreated({ mint, signature: mint, at });
  await events.store(FENCE, keyed(create('Old', 10), create('Busy', 20), create('Young', 5_000)));
  expect(await events.prune(20, 1)).toBe(1);
  expect(await events.prune(6_000, 10)).toBe(1);
  expect(await events.newestSeq()).toBe(3);
  expect(await tokens.prune(1_000, 10)).toBe(2);
  expect((await tokens.newest(10)).map(({ mint }) => mint)).toEqual(['Young']);
  await tokens.setScores([
    { mint: 'Young', score: 0.5 },
    { mint: 'Gone', score: 1 },
  ]);
  expect(await tokens.getMany(['Young'])).toMatchObject([{ aiScore: 0.5 }]);
});

test('instruments are added and changed', async () => {
  const instruments = createInstrumentsRepository(pool);
  const btc = buildInstrument({ instrument: 'BTCUSDT' });
  await instruments.upsert('binance', [btc, buildInstrument({ instrument: 'AUSDT' })]);
  await instruments.upsert('binance', [{ ...btc, tradeable: false }]);
  expect(
    (await instruments.list('binance')).map(({ instrument, tradeable }) => [instrument, tradeable]),
  ).toEqual([
    ['AUSDT', true],
    ['BTCUSDT', false],
  ]);
  expect(await instruments.getMany('binance', ['BTCUSDT', 'NOPE'])).toEqual([{ ...btc, tradeable: false }]);
});

test('demand is of those who renew it', async () => {
  const demand = createStreamDemandRepository(pool);
  const stream = (timeframe: '1m' | '5m') =>
    ({ venue: 'binance', instrument: 'BTCUSDT', timeframe }) as const;
  await demand.renewDemand('a', [stream('1m'), stream('5m'), stream('5m')], 60);
  await demand.renewDemand('b', [stream('5m')], 60);
  await demand.renewDemand('dead', [stream('1m')], -120);
  expect(await demand.activeDemand()).toEqual([
    { ...stream('1m'), historyCandles: 0, holders: 1 },
    { ...stream('5m'), historyCandles: 0, holders: 2 },
  ]);
  await demand.renewDemand('a', [], 60);
  expect(await demand.activeDemand()).toEqual([{ ...stream('5m'), historyCandles: 0, holders: 1 }]);
  expect(await demand.pruneExpired()).toBe(1);
});

test('statuses of the long silent are deleted', async () => {
  const statuses = createServiceStatusRepository(pool);
  const status = { service: 'api', instance: 'api-1', at: 1, ready: true, reasons: [], figures: {} };
  await pool.query(
    'insert into service_status (service, instance, status, updated_at) values ($1, $2, $3, now())',
    ['api', 'api-1', status],
  );
  await pool.query(
    "insert into service_status (service, instance, status, updated_at) values ('api', 'silent', '{}', now() - interval '1 hour')",
  );
  expect(await statuses.pruneSilent(600)).toBe(1);
  const left = await pool.query('select instance from service_status');
  expect(left.rows).toEqual([{ instance: 'api-1' }]);
});
