import { randomUUID } from 'node:crypto';
import { type Bus, createPostgresBus } from '@onefeed/bus';
import type { BotMessage, Signal } from '@onefeed/contracts';
import { createDatabase, createKillSwitchRepository } from '@onefeed/db';
import { createKit, type Kit, readConfig, type Service } from '@onefeed/service-kit';
import { createEventMonitor } from '@onefeed/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRunner } from '../src/build.ts';
import { RunnerConfig } from '../src/config.ts';
import { createWorld, NOON, SHARD, type World } from './world.ts';

const SHARDS = 2;
let world: World;
let bus: Bus;
let runners: Service[];
const events = () => createEventMonitor<BotMessage['events'][number]>('bot events');
let monitor = events();

beforeEach(async () => {
  world = await createWorld();
  runners = [];
  monitor = events();
  const kit = createKit({ service: 'test', logLevel: 'silent' });
  bus = createPostgresBus({
    databaseUrl: world.url,
    instance: 'test',
    channels: ['bots'],
    log: kit.logger,
    metrics: kit.metrics,
    now: Date.now,
  });
  bus.subscribe('bots', {
    onEnvelope({ body }) {
      for (const event of (body as BotMessage).events) monitor.push(event);
    },
    onCatchUp: () => {},
  });
  await bus.start();
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  await bus.stop();
  await world.end();
});

async function startRunner(): Promise<{ runner: Service; kit: Kit }> {
  const kit = createKit({ service: 'bot-runner', logLevel: 'silent' });
  const runner = buildRunner(
    readConfig(RunnerConfig, {
      DATABASE_URL: world.url,
      LOG_LEVEL: 'fatal',
      INTERNAL_PORT: '0',
    }),
    kit,
    SHARDS,
  );
  runners.push(runner);
  await runner.start();
  return { runner, kit };
}

const say = (price: string | null, at = NOON) =>
  bus.publish('market', 'prices.binance', {
    type: 'prices',
    venue: 'binance',
    at,
    prices: price === null ? [] : [{ instrument: 'BTCUSDT', price, at }],
  });
const tell = (signal: Signal) => bus.publish('signals', 'signals', { type: 'signals', signals: [signal] });
const ready = (runner: Service) =>
  monitor.waitUntil(() => runner.readiness().length === 0 && runner.figures().shards === SHARDS);

describe('the runner', () => {
  it('knows troubled instruments from the table and hears when they are right again', async () => {
    await world.addBot(await world.addUser());
    await world.pool.query(
      "insert into feed_health (venue, instrument, trouble, since) values ('binance', 'BTCUSDT', 'hole', $1)",
      [NOON],
    );
    const { runner } = await startRunner();
    await ready(runner);
    say('50000');
    tell(await world.addSignal());
    const refused = await monitor.awaitNext((event) => event.happening.type === 'entryRefused');
    expect(refused.happening).toMatchObject({ code: 'STALE_DATA' });

    await world.pool.query('delete from feed_health');
    bus.publish('market', 'health.binance', {
      type: 'feedHealth',
      venue: 'binance',
      changes: [{ instrument: 'BTCUSDT', trouble: null, since: NOON }],
    });
    tell(await world.addSignal());
    await monitor.awaitNext((event) => event.happening.type === 'positionOpened');
  });

  it('trades what the bus tells it and publishes what came of it', async () => {
    const bot = await world.addBot(await world.addUser());
    const { runner, kit } = await startRunner();
    await ready(runner);
    say('50000');
    tell(await world.addSignal());
    const opened = await monitor.awaitNext((event) => event.happening.type === 'positionOpened');
    expect(opened.botId).toBe(bot.id);
    say('60000', NOON + 1_000);
    await monitor.awaitNext((event) => event.happening.type === 'tradeCompleted');
    expect(runner.figures()).toMatchObject({
      activeBots: 1,
      openPositions: 0,
      ordersTotal: 2,
      shards: SHARDS,
    });
    const metrics = await kit.metrics.metrics();
    expect(metrics).toContain('onefeed_runner_orders_total{side="buy"} 1');
    expect(metrics).toContain('onefeed_runner_bots{state="running"} 1');
    expect(metrics).toContain('onefeed_runner_decision_latency_seconds_count 1');
  });

  it('has the prices of what is held go on, also of bots that were stopped', async () => {
    await world.addBot(await world.addUser());
    const { runner } = await startRunner();
    await ready(runner);
    say('50000');
    tell(await world.addSignal());
    await monitor.awaitNext((event) => event.happening.type === 'positionOpened');
    await world.pool.query("update bots set state = 'stopped'");
    await runner.stop();
    await world.pool.query('delete from stream_demand');

    const successor = await startRunner();
    await ready(successor.runner);
    const wanted = () =>
      world.rows(
        "select venue, instrument, timeframe from stream_demand where expires_at > now() + interval '30 seconds'",
      );
    await monitor.waitUntil(async () => (await wanted()).length > 0);
    expect(await wanted()).toEqual([{ venue: 'binance', instrument: 'BTCUSDT', timeframe: '1m' }]);
    say('10000', NOON + 1_000);
    await monitor.awaitNext((event) => event.happening.type === 'tradeCompleted');
    await monitor.waitUntil(async () => (await wanted()).length === 0);
  });

  it('says so when bots are in shards that nobody runs', async () => {
    const bot = await world.addBot(await world.addUser());
    await world.pool.query('update bots set shard = $1 where id = $2', [SHARDS, bot.id]);
    const { runner } = await startRunner();
    const reason = `there are bots in shards past the last of ${SHARDS}: nobody runs them`;
    await monitor.waitUntil(() => runner.readiness().join() === reason);
  });

  it('hears of bots that are started and stopped', async () => {
    const { runner } = await startRunner();
    await ready(runner);
    say('50000');
    const bot = await world.addBot(await world.addUser());
    bus.publish('control', 'control.api', { type: 'botChanged', botId: bot.id, shard: SHARD });
    await monitor.awaitNext((event) => event.happening.type === 'botStarted');
    tell(await world.addSignal());
    await monitor.awaitNext((event) => event.happening.type === 'positionOpened');
    await world.pool.query("update bots set state = 'stopped'");
    bus.publish('control', 'control.api', { type: 'botChanged', botId: bot.id, shard: SHARD });
    await monitor.awaitNext((event) => event.happening.type === 'botStopped');
    await world.pool.query(
      `insert into bot_commands (id, user_id, bot_id, shard, command)
       select $1, user_id, id, shard, 'closePositions' from bots`,
      [randomUUID()],
    );
    bus.publish('control', 'control.api', { type: 'botCommand', botId: bot.id, shard: SHARD });
    const closed = await monitor.awaitNext((event) => event.happening.type === 'tradeCompleted');
    expect(closed.happening).toMatchObject({ trade: { exitReason: 'user' } });
  });

  it('obeys the kill switch', async () => {
    await world.addBot(await world.addUser());
    const switches = createKillSwitchRepository(createDatabase(world.pool));
    await switches.set({ entries: true, everything: false });
    const { runner } = await startRunner();
    await ready(runner);
    say('50000');
    tell(await world.addSignal());
    const refused = await monitor.awaitNext();
    expect(refused.happening).toMatchObject({ type: 'entryRefused', code: 'KILL_SWITCH' });
  });

  it('takes over the shards of one that stops, and goes on where it was', async () => {
    await world.addBot(await world.addUser());
    const first = await startRunner();
    await ready(first.runner);
    say('50000');
    tell(await world.addSignal());
    await monitor.awaitNext((event) => event.happening.type === 'positionOpened');
    await first.runner.stop();
    const second = await startRunner();
    await ready(second.runner);
    say('40000', NOON + 1_000);
    const closed = await monitor.awaitNext((event) => event.happening.type === 'tradeCompleted');
    expect(closed.happening).toMatchObject({ trade: { exitReason: 'stop_loss' } });
    expect(await world.orders()).toHaveLength(2);
    expect(await world.ledger()).toEqual([]);
  });
});
