import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createPostgresBus } from '@onefeed/bus';
import { createGraph, createHandWeightedPredictor, createTokenAnalysis } from '@onefeed/domain';
import { createKit } from '@onefeed/service-kit';
import { createEventMonitor } from '@onefeed/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentsOf, createWorld, ruleOf, type World } from '../test/engine-world.ts';
import { market, tokenStory } from '../test/market-script.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const INSTRUMENTS = ['BTCUSDT', 'ETHUSDT'];
const SOURCES = [
  'EMA_CROSS',
  'timeframe 1m entry crossover(rsi(close, 7), 40) exit crossunder(rsi(close, 7), 60)',
  'timeframe 1m entry close > sma(close, 9) and close@5m > ema(close, 4)@5m',
  'timeframe 5m entry crossover(macd(close, 3, 6, 4).line, macd(close, 3, 6, 4).signal)',
];
const TOKEN_SOURCES = [
  'token entry unique_buyers >= 4 exit unique_sellers >= 2',
  'token entry ai_score > 0.35',
];

let world: World;
const processes = new Set<ChildProcess>();
const monitor = createEventMonitor<never>('engines');

beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  for (const child of processes) await kill(child);
  await world.drop();
});

function spawnEngine(): ChildProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, DATABASE_URL: world.url, INTERNAL_PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  processes.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  processes.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The process that leads now: its instance name carries its pid. */
async function leader(): Promise<ChildProcess | undefined> {
  const result = await world.pool.query<{ holder: string }>(
    "select holder from leader_epochs where role = 'engine'",
  );
  const pid = Number(result.rows[0]?.holder.split('-').at(-2));
  return [...processes].find((child) => child.pid === pid);
}

test('killing the leader again and again loses no signal and doubles none', {
  timeout: 120_000,
}, async () => {
  for (const source of [...SOURCES, ...TOKEN_SOURCES]) await world.startBot(source, INSTRUMENTS);
  const kit = createKit({ service: 'test', logLevel: 'silent' });
  const bus = createPostgresBus({
    databaseUrl: world.url,
    instance: 'test',
    channels: [],
    log: kit.logger,
    metrics: kit.metrics,
    now: Date.now,
  });
  await bus.start();
  const history = await world.storeCandles(market(0, 60, INSTRUMENTS));
  spawnEngine();
  spawnEngine();
  await monitor.waitUntil(async () => (await world.cursor('tokens.pumpfun')) >= 0, 30_000);
  expect(await world.cursor('candles.binance')).toBe(history.length);

  const kills = new Set([12, 25, 31, 44]);
  for (let step = 0; step < 60; step++) {
    const candles = await world.storeCandles(market(60 + step * 5, 65 + step * 5, INSTRUMENTS));
    bus.publishList('market', 'candles.binance', candles, (part) => ({
      type: 'closedCandles',
      candles: part,
    }));
    const events = await world.storeTokenEvents(tokenStory(step * 10, step * 10 + 10));
    bus.publishList('market', 'tokens.pumpfun', events, (part) => ({ type: 'tokenEvents', events: part }));
    if (kills.has(step)) {
      // In the midst of its work: the newest batch is not waited for.
      const killed = await leader();
      if (killed === undefined) throw new Error('nobody leads');
      await kill(killed);
      spawnEngine();
      await monitor.waitUntil(async () => ![undefined, killed].includes(await leader()), 20_000);
    }
  }
  const all = market(0, 360, INSTRUMENTS);
  const stories = tokenStory(0, 600);
  await monitor.waitUntil(
    async () =>
      (await world.cursor('candles.binance')) === all.length &&
      (await world.cursor('tokens.pumpfun')) === stories.length,
    30_000,
  );
  await bus.stop();

  const graph = createGraph();
  for (const source of SOURCES) {
    for (const instrument of INSTRUMENTS) graph.addRule({ ...ruleOf(source), venue: 'binance', instrument });
  }
  const tokens = createTokenAnalysis({ predictor: createHandWeightedPredictor() });
  for (const source of TOKEN_SOURCES) tokens.addRule(ruleOf(source));
  const expected = [
    ...all.flatMap((candle, index) => graph.onCandle(candle, { emit: index >= history.length })),
    ...stories.flatMap((event, index) => tokens.onEvent({ ...event, seq: index + 1 }).drafts),
  ];
  const signals = await world.signals();
  expect(new Set(expected.map(({ ruleKey }) => ruleKey)).size).toBe(SOURCES.length + TOKEN_SOURCES.length);
  expect(contentsOf(signals)).toEqual(contentsOf(expected));
  expect(signals.map(({ id }) => id)).toEqual(signals.map((_, index) => String(index + 1)));
  const epochs = await world.pool.query<{ epoch: number }>(
    "select epoch::int from leader_epochs where role = 'engine'",
  );
  expect(epochs.rows[0]?.epoch).toBe(1 + kills.size);
});

test('Postgres ending every connection, again and again, ends no process and loses no signal', {
  timeout: 120_000,
}, async () => {
  await world.startBot('EMA_CROSS');
  const history = await world.storeCandles(market(0, 60));
  const engine = spawnEngine();
  await monitor.waitUntil(async () => (await world.cursor('tokens.pumpfun')) >= 0, 30_000);
  for (let step = 0; step < 3; step++) {
    await world.storeCandles(market(60 + step * 40, 80 + step * 40));
    const ended = await world.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'test'`,
    );
    expect(ended.rowCount).toBeGreaterThan(0);
    await world.storeCandles(market(80 + step * 40, 100 + step * 40));
    const last = market(0, 100 + step * 40).length;
    await monitor.waitUntil(async () => (await world.cursor('candles.binance')) === last, 30_000);
  }
  expect(engine.exitCode).toBeNull();
  const graph = createGraph();
  graph.addRule({ ...ruleOf('EMA_CROSS'), venue: 'binance', instrument: 'BTCUSDT' });
  const expected = market(0, 180).flatMap((candle, index) =>
    graph.onCandle(candle, { emit: index >= history.length }),
  );
  expect(expected.length).toBeGreaterThan(2);
  expect(contentsOf(await world.signals())).toEqual(contentsOf(expected));
});
