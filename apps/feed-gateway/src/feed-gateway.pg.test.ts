import { createPostgresBus } from '@onefeed/bus';
import type { MarketMessage, StoredCandle } from '@onefeed/contracts';
import {
  createCandleHolesRepository,
  createCandlesRepository,
  createFeedHealthRepository,
  createPool,
  createStreamDemandRepository,
  type Pool,
} from '@onefeed/db/market';
import { createKit, readConfig, type Service } from '@onefeed/service-kit';
import { createEventMonitor, createTestDatabase, findFreePort, type TestDatabase } from '@onefeed/testkit';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildFeedGateway } from './build.ts';
import { FeedGatewayConfig } from './config.ts';
import { type ScriptedBar, type ScriptedVenue, startScriptedVenue } from './testing/scripted-venue.ts';

/** Minutes since the epoch of the first bar. */
const FIRST = 1_000_000;

let database: TestDatabase;
let pool: Pool;
let venue: ScriptedVenue;
let started: { stop(): Promise<void> }[];
let metrics: Registry;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, maxConnections: 3, applicationName: 'test' });
  venue = await startScriptedVenue();
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((part) => part.stop()));
  await venue.stop();
  await pool.end();
  await database.drop();
});

function gateway(change: Record<string, string> = {}): Service {
  const config = readConfig(FeedGatewayConfig, {
    DATABASE_URL: database.url,
    INTERNAL_PORT: '0',
    BINANCE_WS_URL: `ws://127.0.0.1:${venue.port}`,
    BINANCE_REST_URL: `http://127.0.0.1:${venue.port}`,
    PUMPPORTAL_WS_URL: `ws://127.0.0.1:${venue.port}/api/data`,
    PUMPPORTAL_API_KEY: 'key',
    TIMEFRAMES: '1m',
    HISTORY_CANDLES: '5',
    ...change,
  });
  const kit = createKit({ service: 'feed-gateway', logLevel: 'fatal' });
  metrics = kit.metrics;
  const service = buildFeedGateway(config, kit);
  started.push(service);
  return service;
}

async function until(condition: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  await createEventMonitor('gateway').waitUntil(condition, withinMs);
}

const bar = (minute: number, close = `${100 + minute}.50000000`): ScriptedBar => ({
  instrument: 'BTCUSDT',
  timeframe: '1m',
  number: FIRST + minute,
  close,
});
const series = { venue: 'binance', instrument: 'BTCUSDT', timeframe: '1m' } as const;
const stored = () => createCandlesRepository(pool).latest(series, 1_000);
const minutes = (candles: readonly StoredCandle[]) =>
  candles.map(({ openTime }) => openTime / 60_000 - FIRST);
const isReady = (service: Service) => () => service.readiness().length === 0;

/** A gateway with bars 0..9 in the venue's history, ready. */
async function running(): Promise<Service> {
  for (let minute = 0; minute < 10; minute += 1) venue.record(bar(minute));
  const service = gateway();
  await service.start();
  await until(isReady(service));
  return service;
}

async function listen() {
  const monitor = createEventMonitor<MarketMessage>('market');
  const bus = createPostgresBus({
    databaseUrl: database.url,
    instance: 'listener',
    channels: ['market'],
    log: { info() {}, warn() {}, error() {} },
    metrics: new Registry(),
    now: Date.now,
  });
  bus.subscribe('market', {
    onEnvelope: (envelope) => envelope.body !== null && monitor.push(envelope.body as MarketMessage),
    onCatchUp() {},
  });
  await bus.start();
  started.push(bus);
  return monitor;
}

test('history first, then live candles in their order, told after they are stored', async () => {
  const messages = await listen();
  await running();
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9]);

  venue.send(bar(10), false);
  venue.close(bar(10));
  venue.close(bar(11));
  await until(async () => (await stored()).length === 7);
  const candles = await stored();
  expect(candles.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(candles.at(-1)).toMatchObject({
    open: '100.00000000',
    close: '111.50000000',
    quoteVolume: '8.0',
    trades: 9,
  });

  const told = () =>
    messages.all.flatMap((message) =>
      message.type === 'closedCandles' ? message.candles.map((c) => c.seq) : [],
    );
  await messages.waitUntil(() => told().length === 7);
  expect(told()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const price = await messages.awaitNext(
    (message) => message.type === 'prices' && message.prices.some((one) => one.price === '111.50000000'),
  );
  expect(price).toMatchObject({ venue: 'binance', at: (FIRST + 12) * 60_000 + 10 });
});

test('prices keep coming each second without news, and forming candles are told', async () => {
  const messages = await listen();
  await running();
  venue.send(bar(10), false);
  await messages.awaitNext((message) => message.type === 'formingCandles');
  await messages.awaitNext(
    (message) => message.type === 'prices' && message.venue === 'binance' && message.prices.length === 0,
  );
});

test('a reconnect leaves no hole and doubles nothing', async () => {
  await running();
  venue.close(bar(10));
  await until(async () => (await stored()).length === 6);
  venue.cut();
  for (let minute = 11; minute < 15; minute += 1) venue.record(bar(minute));
  await until(() => venue.binanceSockets.size === 1);
  await until(async () => (await stored()).length === 10);
  venue.send(bar(14), true);
  venue.close(bar(15));
  await until(async () => (await stored()).length === 11);
  const candles = await stored();
  expect(minutes(candles)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  expect(candles.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(venue.most.binance).toBe(1);
});

test('a final frame that never came is found by the next one', async () => {
  await running();
  venue.record(bar(10));
  venue.close(bar(11));
  await until(async () => (await stored()).length === 7);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 10, 11]);
});

test('a final frame that has not come 5 s after the close is fetched', async () => {
  await running();
  venue.record(bar(10));
  venue.send(bar(11), false, (FIRST + 11) * 60_000 + 4_999);
  venue.send(bar(11), false, (FIRST + 11) * 60_000 + 5_000);
  await until(async () => (await stored()).length === 6);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 10]);
});

test('a hole that the venue has stays a hole, is recorded and told', async () => {
  const messages = await listen();
  await running();
  venue.close(bar(20));
  venue.close(bar(21));
  await until(async () => (await stored()).length === 7);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 20, 21]);
  const holes = await createCandleHolesRepository(pool).list('binance', { unconfirmedOnly: false, limit: 9 });
  expect(holes.map(({ fromOpenTime, toOpenTime }) => [fromOpenTime, toOpenTime])).toEqual([
    [(FIRST + 10) * 60_000, (FIRST + 19) * 60_000],
  ]);
  const health = await messages.awaitNext(
    (message) => message.type === 'feedHealth' && message.changes.some(({ trouble }) => trouble === 'hole'),
  );
  expect(health).toMatchObject({ venue: 'binance', changes: [{ instrument: 'BTCUSDT' }] });
  expect(await createFeedHealthRepository(pool).troubled('binance')).toMatchObject([
    { instrument: 'BTCUSDT', trouble: 'hole' },
  ]);
});

test('an instrument without a socket is in trouble until its history is read again', async () => {
  const health = createFeedHealthRepository(pool);
  await running();
  await until(async () => (await health.troubled('binance')).length === 0);
  venue.refuse(true);
  venue.cut();
  await until(async () =>
    (await health.troubled('binance')).some(({ trouble }) => trouble === 'disconnected'),
  );
  venue.refuse(false);
  await until(async () => (await health.troubled('binance')).length === 0);
});

test('an announced shutdown: two sockets for a moment, no candle read again or lost', async () => {
  await running();
  venue.close(bar(10));
  await until(async () => (await stored()).length === 6);
  venue.sendText('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}');
  await until(() => venue.most.binance === 2 && venue.binanceSockets.size === 1);
  const asked = venue.requests.klines;
  venue.close(bar(11));
  await until(async () => (await stored()).length === 7);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 10, 11]);
  expect(venue.requests.klines).toBe(asked);
});

test('a socket is replaced at its age while it still delivers', async () => {
  for (let minute = 0; minute < 10; minute += 1) venue.record(bar(minute));
  const service = gateway({ BINANCE_ROLLOVER_HOURS: '0.0003' });
  await service.start();
  await until(isReady(service));
  await until(() => venue.most.binance === 2 && venue.binanceSockets.size === 1);
  venue.close(bar(10));
  await until(async () => (await stored()).length === 6);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 10]);
});

test('a reader that computes from more candles gets them, behind what is stored already', async () => {
  for (let minute = -40; minute < 0; minute += 1) venue.record(bar(minute));
  await running();
  await createStreamDemandRepository(pool).renewDemand('engine', [{ ...series, historyCandles: 30 }], 60);
  await until(async () => (await stored()).length === 30);
  venue.close(bar(10));
  await until(async () => (await stored()).length === 31);
  expect(minutes(await stored())).toEqual(Array.from({ length: 31 }, (_, at) => at - 20));
});

test("the venue's history corrects a stored candle, and tells it anew", async () => {
  const messages = await listen();
  await running();
  venue.send(bar(10, '333.00000000'), true, (FIRST + 11) * 60_000 + 10);
  await until(async () => (await stored()).length === 6);
  venue.record(bar(10, '444.00000000'));
  venue.cut();
  await until(async () => (await stored()).at(-1)?.close === '444.00000000');
  expect(await stored()).toHaveLength(6);
  await messages.awaitNext(
    (message) =>
      message.type === 'closedCandles' && message.candles.some((one) => one.close === '444.00000000'),
  );
});

test('bad frames and unknown streams change nothing', async () => {
  const service = await running();
  for (const text of ['nonsense', '{}', '[]', '{"stream":"x","data":{"e":"kline"}}']) venue.sendText(text);
  venue.send({ ...bar(10), instrument: 'XRPUSDT' }, true, (FIRST + 11) * 60_000 + 10);
  venue.close(bar(10));
  await until(async () => (await stored()).length === 6);
  expect(service.figures()).toMatchObject({ badFramesTotal: 4, upstreamConnectionsBinance: 1 });
});

test('what Postgres did not take is read from the history later', async () => {
  await running();
  await pool.query('alter table candles rename to away');
  venue.close(bar(10));
  venue.close(bar(11));
  await until(async () => /store_failures_total\{venue="binance"\} [1-9]/.test(await metrics.metrics()));
  venue.close(bar(12));
  await pool.query('alter table away rename to candles');
  await until(async () => (await stored()).length === 8);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
});

test('demand opens a stream with its history; unknown instruments are passed over', async () => {
  await running();
  venue.record({ ...bar(3), instrument: 'ETHUSDT' });
  const demand = createStreamDemandRepository(pool);
  await demand.renewDemand(
    'reader',
    [
      { venue: 'binance', instrument: 'ETHUSDT', timeframe: '1m' },
      { venue: 'binance', instrument: 'NOPEUSDT', timeframe: '1m' },
    ],
    60,
  );
  await until(async () => (await createCandlesRepository(pool).newestSeq('binance')) === 6);
  expect(venue.subscriptions).toEqual(['btcusdt@kline_1m', 'ethusdt@kline_1m']);
  expect(venue.most.binance).toBe(1);
});

test('a standby takes over without a second socket and without losing a candle', async () => {
  const first = await running();
  const second = gateway();
  await second.start();
  await until(isReady(second));
  expect(second.figures()).toMatchObject({ upstreamConnections: 0, binanceLeader: false });
  venue.close(bar(10));
  await until(async () => (await stored()).length === 6);
  await first.stop();
  venue.record(bar(11));
  await until(() => second.figures().binanceLeader === true && second.readiness().length === 0);
  venue.close(bar(12));
  await until(async () => (await stored()).length === 8);
  expect(minutes(await stored())).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  expect(venue.most).toEqual({ binance: 1, pumpfun: 1 });
});

test('a leader whose lock is lost stops, and the feed goes on', async () => {
  const first = await running();
  const second = gateway();
  await second.start();
  await until(isReady(second));
  await pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'onefeed leader feed:%'",
  );
  venue.record(bar(10));
  await until(async () => (await stored()).length === 6);
  await until(() => [first, second].filter((one) => one.figures().binanceLeader === true).length === 1);
  venue.close(bar(11));
  await until(async () => (await stored()).length === 7);
  expect(venue.most.binance).toBe(1);
});

test('starts without a venue and says which; data flows once it is there', async () => {
  const port = await findFreePort();
  const service = gateway({
    BINANCE_WS_URL: `ws://127.0.0.1:${port}`,
    BINANCE_REST_URL: `http://127.0.0.1:${port}`,
    PUMPPORTAL_WS_URL: `ws://127.0.0.1:${port}/api/data`,
  });
  await service.start();
  await until(
    () => service.readiness().length === 2 && service.readiness().every((one) => /: (its|not)/.test(one)),
  );
  expect(service.readiness().map((reason) => reason.split(':')[0])).toEqual(['binance', 'pumpfun']);
  await venue.stop();
  venue = await startScriptedVenue(port);
  venue.record(bar(0));
  await until(isReady(service), 25_000);
  await until(async () => (await stored()).length === 1);
});

test('starts without a database and says so', async () => {
  const service = gateway({ DATABASE_URL: `postgres://nobody@127.0.0.1:${await findFreePort()}/none` });
  await service.start();
  await until(() => service.readiness().some((reason) => reason.startsWith('database: connect')));
  expect(venue.most).toEqual({ binance: 0, pumpfun: 0 });
});
