import { missingChromium } from '@onefeed/testkit';
import Big from 'big.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curveFeeSol, same, takerFee } from './fees.ts';
import { brokenLaws, unansweredSignals } from './ledger.ts';
import { type Platform, SERVICES, startPlatform, waitFor } from './platform.ts';
import { openSessions } from './sessions.ts';
import { EMA_BOT, registerTrader, type Trader } from './trader.ts';
import { watchBotPage } from './web.ts';

const MINUTE_MS = 60_000;

/** One platform with 200 demo bots, as an operator would start it, watched from outside. */
describe('the whole platform', () => {
  let platform: Platform;
  let alice: Trader;
  let bob: Trader;

  beforeAll(async () => {
    platform = await startPlatform(['--speed', '60', '--seed', '7', '--demo-bots', '200']);
    alice = await registerTrader(platform.baseUrl, 'alice@example.com');
    bob = await registerTrader(platform.baseUrl, 'bob@example.com');
  });
  afterAll(async () => {
    alice?.close();
    bob?.close();
    await platform?.stop();
  });

  test('five sessions on six timeframes share six streams and one connection', async () => {
    const sessions = await openSessions(platform.baseUrl, 5);
    try {
      const stats = await waitFor('30 subscriptions with their candles', 30_000, async () => {
        const answer = await alice.client.socketStats();
        const complete = answer.websockets.every(({ candlesCount }) => candlesCount > 0);
        return answer.summary.totalSubscriptions === 30 && complete && answer;
      });
      expect(stats.summary).toMatchObject({
        activeSessions: 5,
        totalSubscriptions: 30,
        sharedWebSockets: 6,
        efficiency: '80.0% reduction in connections',
        savings: '24 connections saved',
      });
      expect(stats.websockets).toHaveLength(6);
      for (const stream of stats.websockets) {
        expect(stream).toMatchObject({ venue: 'binance', symbol: 'BTCUSDT', subscribers: 5 });
        expect(stream.candlesCount).toBeGreaterThan(0);
      }
      expect(
        await platform.metric('feed-gateway', 'onefeed_feed_upstream_connections', { venue: 'binance' }),
      ).toBe(1);
      expect(await platform.metric('market-sim', 'onefeed_sim_connections', { venue: 'binance' })).toBe(1);
      await sessions.sawCandles();
    } finally {
      sessions.close();
    }
  });

  test('a token strategy becomes a completed trade, seen over socket and REST', {
    timeout: 4 * MINUTE_MS,
  }, async () => {
    const started = await alice.client.startLegacyBot({
      config: {
        strategy: 'AI_PREDICTIONS',
        risk_level: 'HIGH',
        tp_strategy: 'PROGRESSIVE_AFTER_MIGRATION',
        tp_config: { initial_percent: 50, step_percent: 25, step_interval: 2 },
      },
    });
    expect(started).toMatchObject({ success: true, bot_id: expect.any(String), message: expect.any(String) });
    const trade = await waitFor('a completed token trade', 3 * MINUTE_MS, async () => {
      const { trades } = await alice.client.botTrades(started.bot_id);
      return trades[0];
    });
    const { orders } = await alice.client.botOrders(started.bot_id, { limit: 200 });
    const legs = orders.filter((order) => order.positionId === trade.id);
    const buy = legs.find((order) => order.side === 'buy');
    expect(buy?.cause).toMatch(/^signal:\d+$/);
    // The entry is on the curve, where fees are exact integers.
    expect(same(buy?.fee ?? '', curveFeeSol(buy as never))).toBe(true);
    const sold = legs
      .filter((order) => order.side === 'sell')
      .reduce((sum, order) => sum.plus(order.quantity), new Big(0));
    expect(sold.plus(trade.dust).eq(buy?.quantity ?? '')).toBe(true);
    const status = await alice.client.legacyBotStatus();
    expect(status).toMatchObject({
      success: true,
      running: true,
      bot: { bot_id: started.bot_id, strategy: 'AI_PREDICTIONS' },
    });
    const mine = alice.events
      .filter((event) => event.botId === started.bot_id)
      .map((event) => event.happening.type);
    expect(mine).toEqual(expect.arrayContaining(['orderFilled', 'positionOpened', 'tradeCompleted']));
    expect(alice.signalsSeen()).toBeGreaterThan(0);
  });

  test('a held token migrates and is sold step by step', { timeout: 4 * MINUTE_MS }, async () => {
    const { rows } = await waitFor('a progressive exit after migration', 3 * MINUTE_MS, async () => {
      const result = await platform.database.query(
        `select position_id, array_agg(cause order by created_at_ms) as causes from orders
         where side = 'sell' and cause like 'exit:prog-%' group by 1 having count(*) > 1 limit 1`,
      );
      return result.rows.length > 0 && result;
    });
    expect(rows[0].causes[0]).toBe('exit:prog-0');
  });

  test('an EMA cross on BTCUSDT becomes a completed trade with Binance fees', {
    timeout: 4 * MINUTE_MS,
  }, async () => {
    const bot = await bob.client.createBot(EMA_BOT);
    if (bot.state !== 'running') await bob.client.startBot(bot.id);
    const trade = await waitFor('a completed bitcoin trade', 3 * MINUTE_MS, async () => {
      const { trades } = await bob.client.botTrades(bot.id);
      return trades[0];
    });
    const { orders } = await bob.client.botOrders(bot.id, { limit: 200 });
    const legs = orders.filter((order) => order.positionId === trade.id);
    for (const order of legs) {
      expect(order.status).toBe('filled');
      expect(same(order.fee, takerFee(order))).toBe(true);
      expect(order.feeAsset).toBe(order.side === 'buy' ? 'BTC' : 'USDT');
      // LOT_SIZE: a multiple of the step.
      expect(new Big(order.quantity).mod('0.00001').eq(0)).toBe(true);
    }
    const buy = legs.find((order) => order.side === 'buy');
    expect(new Big(buy?.quoteAmount ?? 0).lte('250')).toBe(true);
    const signal = await bob.client.signal((buy?.cause ?? '').replace('signal:', ''));
    expect(signal).toMatchObject({ kind: 'entry', instrument: 'BTCUSDT' });
    expect(signal.provenance.values.length).toBeGreaterThan(0);
    const mine = bob.events.filter((event) => event.botId === bot.id).map((event) => event.happening.type);
    expect(mine).toEqual(expect.arrayContaining(['orderFilled', 'positionOpened', 'tradeCompleted']));
  });

  test("neither user sees or touches the other's", async () => {
    const [bobsBot] = (await bob.client.bots()).bots;
    const [alicesBot] = (await alice.client.bots()).bots;
    expect(bobsBot?.id).not.toBe(alicesBot?.id);
    for (const attempt of [
      () => alice.client.bot(bobsBot?.id ?? ''),
      () => alice.client.stopBot(bobsBot?.id ?? ''),
      () => alice.client.deleteBot(bobsBot?.id ?? ''),
      () => alice.client.closePositions(bobsBot?.id ?? ''),
      () => alice.client.botTrades(bobsBot?.id ?? ''),
      () => alice.client.botOrders(bobsBot?.id ?? ''),
      () => bob.client.botPositions(alicesBot?.id ?? ''),
      () => bob.client.botDecisions(alicesBot?.id ?? ''),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    }
    const bobsTrades = await bob.client.trades({ limit: 200 });
    expect(bobsTrades.trades.every((trade) => trade.botId === bobsBot?.id)).toBe(true);
    expect(alice.events.every((event) => event.botId === alicesBot?.id)).toBe(true);
    expect(bob.events.every((event) => event.botId === bobsBot?.id)).toBe(true);
    await expect(bob.client.adminUsers()).rejects.toMatchObject({ status: 403 });
    expect((await bob.client.adminStats()).stats.bots).toEqual([]);
  });

  test('200 demo bots cost one connection a venue and one analysis a rule', async () => {
    expect((await alice.client.adminStats()).stats.active_bots).toBeGreaterThanOrEqual(200);
    for (const venue of ['binance', 'pumpfun']) {
      expect(await platform.metric('feed-gateway', 'onefeed_feed_upstream_connections', { venue })).toBe(1);
      expect(await platform.metric('market-sim', 'onefeed_sim_max_connections', { venue })).toBe(1);
    }
    const distinct = await platform.database.query(
      `select count(*)::int as count from (
         select distinct rule_key, venue, unnest(case when venue = 'pumpfun' then array['*'] else instruments end)
         from bots where state = 'running') as rules`,
    );
    await waitFor('the engine to hold exactly the distinct rules', 10_000, async () => {
      return (await platform.metric('analysis-engine', 'onefeed_engine_rules')) === distinct.rows[0].count;
    });
    expect(distinct.rows[0].count).toBeLessThan(60);
    // A signal is one row, however many bots act on it.
    const shared = await platform.database.query(
      `select cause, count(distinct bot_id)::int as bots from orders where cause like 'signal:%' group by 1 order by 2 desc limit 1`,
    );
    expect(shared.rows[0].bots).toBeGreaterThan(3);
    const perToken = await platform.database.query(
      `select count(*)::int as signals, count(distinct (instrument, rule_key))::int as once
       from signals where venue = 'pumpfun' and kind = 'entry'`,
    );
    expect(perToken.rows[0].signals).toBe(perToken.rows[0].once);
  });

  test('every process answers for its health', async () => {
    for (const service of SERVICES) {
      const [alive, ready, metrics] = await Promise.all(
        ['healthz', 'readyz', 'metrics'].map((path) => fetch(`${platform.internalUrl(service)}/${path}`)),
      );
      expect([service, alive?.status, ready?.status, metrics?.status]).toEqual([service, 200, 200, 200]);
      expect(await metrics?.text()).toContain('onefeed_');
    }
  });

  test.skipIf(missingChromium())(
    'a person starts a bot on /bot, sees it trade, and sees /admin move',
    { timeout: 4 * MINUTE_MS },
    async () => {
      await watchBotPage(platform.baseUrl);
    },
  );

  test('money and quantities add up, and every signal was answered', async () => {
    const newest = await platform.database.query('select max(id)::text as id from signals');
    await waitFor(
      'all signals to be answered',
      10_000,
      async () => (await unansweredSignals(platform.database, newest.rows[0].id)).length === 0,
    );
    expect(await brokenLaws(platform.database)).toEqual([]);
  });
});
