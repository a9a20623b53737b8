import { randomUUID } from 'node:crypto';
import { createMemoryBus } from '@onefeed/bus';

import type { BotMessage, TokenChecked } from '@onefeed/contracts';
import { createInstrumentsRepository, createShardJournal, ShardFencedError } from '@onefeed/db';

import { applyBuy, buyExactSolIn, newBondingCurve } from '@onefeed/domain';
import { buildInstrument, buildTokenCreated, buildTokenTraded } from '@onefeed/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorld, NOON, SHARD, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

const happenings = async () =>
  (await world.rows<{ type: string }>("select happening->>'type' as type from bot_events order by seq")).map(
    (row) => row.type,
  );

describe('a shard', () => {
  it('turns one signal into an order of each bot, and a price into their exits', async () => {
    const [anna, ben] = [await world.addUser(), await world.addUser()];
    const bots = [await world.addBot(anna), await world.addBot(ben, { cash: '500', initialCash: '500' })];
    await world.addBot(ben, { ruleKey: 'f'.repeat(32) });
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await world.addSignal();
    await owner.catchUp();

    const bought = await world.orders();
    expect(bought.map((order) => [order.bot_id, order.user_id, order.cause]).sort()).toEqual(
      bots.map((bot, index) => [bot.id, index === 0 ? anna : ben, 'signal:1']).sort(),
    );
    expect(await world.positions()).toHaveLength(2);
    expect(await world.ledger()).toEqual([]);

    await owner.price('52499.99');
    expect(await world.positions()).toHaveLength(2);
    await owner.price('53000');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['take_profit', 'take_profit']);
    expect(await world.positions()).toEqual([]);
    expect(await world.ledger()).toEqual([]);
    expect(await world.eventsAreGapless()).toBe(true);
    const fills = await world.rows('select 1 from fills join orders on orders.id = fills.order_id');
    expect(fills).toHaveLength(4);
    const counted = await world.rows<{ signals_received: string }>(
      'select signals_received from bots order by signals_received',
    );
    expect(counted.map((row) => Number(row.signals_received))).toEqual([0, 1, 1]);
    expect(owner.shard.counts()).toEqual({ running: 3, stopped: 0, positions: 0 });
  });

  it('tells what happened on the bus after it is stored, in the order of the log', async () => {
    await world.addBot(await world.addUser());
    const heard: BotMessage['events'] = [];
    const bus = createMemoryBus(world.hub, { channels: ['bots'] });
    await bus.start();
    bus.subscribe('bots', {
      onEnvelope: ({ body }) => heard.push(...(body as BotMessage).events),
      onCatchUp: () => {},
    });
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await world.addSignal();
    await owner.catchUp();
    await Promise.resolve();
    expect(heard.map((event) => [event.seq, event.happening.type])).toEqual([
      [1, 'orderFilled'],
      [2, 'positionOpened'],
    ]);
    await bus.stop();
  });

  it('arms the exits of open positions again after a take-over, with what they had seen', async () => {
    await world.addBot(await world.addUser(), {
      exitPlan: { trailing: { activatePercent: 1, distancePercent: 1 }, takeProfit: { type: 'TRAILING' } },
    });
    const first = await world.own();
    await first.hear('binance', NOON);
    await world.addSignal();
    await first.catchUp();
    await first.price('60000');
    first.shard.checkpoint();
    await first.shard.idle();
    await first.die();

    const second = await world.own();
    await second.price('59401');
    expect(await world.positions()).toHaveLength(1);
    // One percent under the high that only the first owner saw.
    await second.price('59400');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['trailing_stop']);
  });

  it('does nothing twice when a take-over reads the same signals again', async () => {
    await world.addBot(await world.addUser());
    const first = await world.own();
    await first.hear('binance', NOON);
    await world.addSignal();
    await first.catchUp();
    await first.die();
    await world.pool.query('update bot_shards set signal_cursor = 0');
    await world.pool.query('delete from open_positions');

    const second = await world.own();
    await second.hear('binance', NOON);
    await second.catchUp();
    expect(await world.orders()).toHaveLength(1);
    expect(await world.positions()).toEqual([]);
    await world.addSignal({ instrument: 'BTCUSDT' });
    await second.catchUp();
    expect(await world.orders()).toHaveLength(2);
  });

  it('writes nothing in an epoch that is over', async () => {
    await world.addBot(await world.addUser());
    const paused = await world.own();
    await paused.hear('binance', NOON);
    await paused.catchUp();
    const next = await world.own();
    await next.hear('binance', NOON);
    await world.addSignal();

    paused.shard.signals.wake();
    await vi.waitFor(async () => {
      expect(await paused.registry.metrics()).toContain('onefeed_runner_failures_total 1');
    });
    await paused.shard.idle();
    expect(await world.orders()).toEqual([]);
    expect(await world.rows('select 1 from bot_events')).toEqual([]);
    const [before] = await world.rows('select * from bot_shards');
    const stale = createShardJournal(world.pool).commit({
      shard: SHARD,
      epoch: 1,
      eventSeqBefore: 0,
      after: { signalCursor: 9n, tokenCursor: 9, eventSeq: 0 },
      orders: [],
      positions: [],
      closedPositionIds: [],
      trades: [],
      bots: [],
      events: [],
      commandIds: [],
    });
    await expect(stale).rejects.toThrow(ShardFencedError);
    expect(await world.rows('select * from bot_shards')).toEqual([before]);

    await next.catchUp();
    expect(await world.orders()).toHaveLength(1);
  });

  it('stops a bot without touching its position, whose exits go on', async () => {
    const bot = await world.addBot(await world.addUser());
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await world.addSignal();
    await owner.catchUp();
    await world.pool.query("update bots set state = 'stopped' where id = $1", [bot.id]);
    owner.shard.botChanged(bot.id);
    await owner.shard.idle();
    await world.addSignal();
    await owner.catchUp();
    expect(await world.orders()).toHaveLength(1);
    expect(owner.shard.counts()).toEqual({ running: 0, stopped: 1, positions: 1 });

    await owner.price('40000');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['stop_loss']);
    expect(owner.shard.counts()).toEqual({ running: 0, stopped: 0, positions: 0 });
    expect(await happenings()).toEqual([
      'orderFilled',
      'positionOpened',
      'botStopped',
      'orderFilled',
      'tradeCompleted',
    ]);
  });

  it('closes what a bot holds when its owner says so, once, and forgets the command', async () => {
    const userId = await world.addUser();
    const bot = await world.addBot(userId);
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await world.addSignal();
    await owner.catchUp();
    await world.pool.query(
      "insert into bot_commands (id, user_id, bot_id, shard, command) values ($1, $2, $3, $4, 'closePositions')",
      [randomUUID(), userId, bot.id, SHARD],
    );
    owner.shard.poll();
    owner.shard.poll();
    await owner.shard.idle();
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['user']);
    expect(await world.rows('select 1 from bot_commands')).toEqual([]);
    expect(await world.orders()).toHaveLength(2);
  });

  it('keeps an order to close over a restart while there is no price', async () => {
    const userId = await world.addUser();
    const bot = await world.addBot(userId);
    const first = await world.own();
    await first.hear('binance', NOON);
    await world.addSignal();
    await first.catchUp();
    await first.die();
    await world.pool.query(
      "insert into bot_commands (id, user_id, bot_id, shard, command) values ($1, $2, $3, $4, 'closePositions')",
      [randomUUID(), userId, bot.id, SHARD],
    );
    const silent = await world.own();
    silent.shard.poll();
    await silent.shard.idle();
    expect(await world.rows('select 1 from bot_commands')).toEqual([]);
    expect(await world.positions()).toHaveLength(1);
    await silent.die();

    const third = await world.own();
    await third.price('50000');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['user']);
  });

  it('leaves a position on the strategy exit signal', async () => {
    await world.addBot(await world.addUser());
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await world.addSignal();
    await world.addSignal({ kind: 'exit', price: '50100' });
    await owner.catchUp();
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['signal']);
    expect(await world.ledger()).toEqual([]);
  });

  it('records why it did not enter', async () => {
    await world.addBot(await world.addUser());
    const owner = await world.own();
    await owner.hear('binance', NOON + 1_000_000);
    await world.addSignal();
    await owner.catchUp();
    owner.killSwitch.entries = true;
    await world.addSignal({ eventTime: NOON + 1_000_000 });
    await owner.catchUp();
    const refused = await world.rows(
      "select happening->>'code' as code, happening->>'signalId' as signal from bot_events order by seq",
    );
    expect(refused).toEqual([
      { code: 'SIGNAL_TOO_OLD', signal: '1' },
      { code: 'KILL_SWITCH', signal: '2' },
    ]);
    expect(await world.orders()).toEqual([]);
  });

  it('refuses entries on an instrument whose data may not be believed; its exits go on', async () => {
    await world.addBot(await world.addUser());
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await world.addSignal();
    await owner.catchUp();
    expect(await world.positions()).toHaveLength(1);

    const tell = (trouble: 'overdue' | null, instrument = 'BTCUSDT') =>
      owner.health.hear({
        type: 'feedHealth',
        venue: 'binance',
        changes: [{ instrument, trouble, since: NOON }],
      });
    tell('overdue');
    await owner.price('53000');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['take_profit']);
    await world.addSignal();
    await owner.catchUp();
    expect(await world.positions()).toEqual([]);
    const refused =
      "select happening->>'code' as code from bot_events where happening->>'type' = 'entryRefused'";
    expect(await world.rows(refused)).toEqual([{ code: 'STALE_DATA' }]);

    tell(null);
    tell('overdue', 'ETHUSDT');
    await world.addSignal();
    await owner.catchUp();
    expect(await world.positions()).toHaveLength(1);
    expect(await world.rows(refused)).toHaveLength(1);
  });

  it('sees only signals stored after the start of a bot, and remembers cooldowns over a restart', async () => {
    const userId = await world.addUser();
    const signalled = await world.own();
    await world.addSignal();
    await world.addBot(userId, { startedAt: Date.now() + 60_000 });
    await world.addBot(userId, { risk: { maxOpenPositions: 5, cooldownSeconds: 600 } });
    await signalled.hear('binance', NOON);
    await signalled.catchUp();
    expect(await world.orders()).toHaveLength(1);
    await signalled.price('40000');
    await signalled.die();

    const later = await world.own();
    await later.price('50000', NOON + 500_000);
    await world.addSignal({ eventTime: NOON + 500_000 });
    await later.catchUp();
    const [last] = await world.rows<{ code: string }>(
      "select happening->>'code' as code from bot_events order by seq desc limit 1",
    );
    expect(last?.code).toBe('COOLDOWN');
  });

  it('goes on by itself after the database was away', async () => {
    await world.addBot(await world.addUser());
    let away = false;
    const fail = () => Promise.reject(new Error('the database is away'));
    const pool = new Proxy(world.pool, {
      get(target, name) {
        if (away && (name === 'connect' || name === 'query')) return fail;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    let clock = 0;
    const owner = await world.own({ pool, now: () => clock });
    await owner.hear('binance', NOON);
    await world.addSignal();
    await owner.catchUp();
    away = true;
    await owner.price('60000');
    expect(owner.shard.trouble()).toBe('the database is away');
    clock += 1_000;
    await owner.price('60000');
    await owner.price('60000');
    away = false;
    expect(await world.trades()).toEqual([]);
    clock += 1_000;
    await owner.price('60000');
    expect(await world.trades()).toHaveLength(1);
    expect(owner.shard.trouble()).toBeNull();
    expect(await world.ledger()).toEqual([]);
  });

  it('keeps the loss of the day of a bot that was stopped with something in hand, over a restart', async () => {
    const userId = await world.addUser();
    const bot = await world.addBot(userId, {
      instruments: ['BTCUSDT', 'ETHUSDT'],
      exitPlan: { stopLossPercent: 5, takeProfit: { type: 'FIXED', gainPercent: 100 } },
      risk: { maxOpenPositions: 5, cooldownSeconds: 0, dailyLossLimit: '1' },
    });
    await createInstrumentsRepository(world.pool).upsert('binance', [
      buildInstrument({ instrument: 'ETHUSDT', baseAsset: 'ETH' }),
    ]);
    const first = await world.own();
    await first.hear('binance', NOON);
    await world.addSignal({ instrument: 'ETHUSDT' });
    await world.addSignal();
    await first.catchUp();
    await first.price('40000');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['stop_loss']);
    await world.pool.query("update bots set state = 'stopped'");
    await first.die();

    const second = await world.own();
    await second.price('50000');
    await world.pool.query("update bots set state = 'running'");
    second.shard.botChanged(bot.id);
    await second.shard.idle();
    await world.addSignal();
    await second.catchUp();
    const [last] = await world.rows(
      "select happening->>'code' as code from bot_events order by seq desc limit 1",
    );
    expect(last).toEqual({ code: 'DAILY_LOSS_LIMIT' });
  });

  it('does not sell at the price of an exit signal from long ago', async () => {
    await world.addBot(await world.addUser(), {
      exitPlan: { takeProfit: { type: 'FIXED', gainPercent: 100 } },
    });
    const first = await world.own();
    await first.hear('binance', NOON);
    await world.addSignal();
    await first.catchUp();
    await first.die();

    await world.addSignal({ kind: 'exit', price: '70000', eventTime: NOON + 1_000 });
    const second = await world.own();
    // The feed lives, but has not said a price of this instrument since the start.
    await second.hear('binance', NOON + 7_200_000);
    await second.catchUp();
    expect(await world.trades()).toEqual([]);
    await second.price('50000', NOON + 7_201_000);
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['signal']);
    const [sold] = await world.rows<{ price: string }>("select price from orders where side = 'sell'");
    expect(sold?.price).toBe('49975');
  });

  it('trades on for the others when a bot is deleted under a signal', async () => {
    const userId = await world.addUser();
    const gone = await world.addBot(userId);
    const stays = await world.addBot(userId);
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await owner.catchUp();
    await world.pool.query('delete from bots where id = $1', [gone.id]);
    await world.addSignal();
    await owner.catchUp();
    expect((await world.orders()).map((order) => order.bot_id)).toEqual([stays.id]);
    expect(await world.positions()).toHaveLength(1);
    expect(await world.eventsAreGapless()).toBe(true);
    expect(await world.ledger()).toEqual([]);
  });

  it('runs no bot that trades live', async () => {
    const userId = await world.addUser();
    const live = await world.addBot(userId, { mode: 'live' });
    const owner = await world.own();
    await owner.hear('binance', NOON);
    const later = await world.addBot(userId, { mode: 'live' });
    await world.addBot(userId);
    for (const { id } of [live, later]) owner.shard.botChanged(id);
    owner.shard.poll();
    await owner.shard.idle();
    await world.addSignal();
    await owner.catchUp();
    expect(owner.shard.counts().running).toBe(1);
    const bought = await world.rows('select distinct mode from orders');
    expect(bought).toEqual([{ mode: 'paper' }]);
    expect(await world.orders()).toHaveLength(1);
  });

  it('keeps everybody else trading whatever one owner has set', async () => {
    const userId = await world.addUser();
    await world.addBot(userId, { stake: { type: 'percent', percent: 1.2345678901234567e-6 } });
    await world.addBot(userId, {
      exitPlan: {
        stopLossPercent: 1.2345678901234567e-6,
        takeProfit: { type: 'FIXED', gainPercent: 1.2345678901234567e-6 },
      },
    });
    const owner = await world.own();
    await owner.price('50000', NOON);
    await world.addSignal();
    await owner.catchUp();
    await owner.price('60000');
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['take_profit']);
    expect(owner.shard.trouble()).toBeNull();
  });

  it('stores more than a page of signals, each once', async () => {
    const userId = await world.addUser();
    await world.addBot(userId, { risk: { maxOpenPositions: 1, cooldownSeconds: 0 } });
    await world.pool.query(
      `insert into signals (id, venue, instrument, rule_key, kind, event_time, event_id, price, provenance)
       select n, 'binance', 'BTCUSDT', $1, 'entry', $2::int8 + n, n::text, 50000, '{"rule":"","values":[]}'
       from generate_series(1, 1200) as n`,
      ['0123456789abcdef0123456789abcdef', NOON],
    );
    const owner = await world.own();
    await owner.hear('binance', NOON);
    await owner.catchUp();
    expect(await world.orders()).toHaveLength(1);
    const [row] = await world.rows<{ signal_cursor: string; received: string }>(
      'select signal_cursor, (select signals_received from bots) as received from bot_shards',
    );
    expect(row).toEqual({ signal_cursor: '1200', received: '1200' });
  });
});

describe('a shard on tokens', () => {
  const RULE = 'a'.repeat(32);
  const mint = buildTokenCreated().mint;
  const curveAfter = (lamports: bigint) => {
    const bought = buyExactSolIn(newBondingCurve(), lamports);
    if (bought === null) throw new Error('nothing bought');
    const curve = applyBuy(newBondingCurve(), bought);
    return {
      virtualSolLamports: String(curve.virtualSolLamports),
      virtualTokenUnits: String(curve.virtualTokenUnits),
    };
  };

  async function holder(settings: Parameters<World['addBot']>[1] = {}) {
    await world.addTokenEvents(buildTokenCreated(), buildTokenTraded());
    return holderOf(settings);
  }

  async function holderOf(settings: Parameters<World['addBot']>[1]) {
    await world.addBot(await world.addUser(), {
      venue: 'pumpfun',
      instruments: [],
      ruleKey: RULE,
      stake: { type: 'fixed', amount: '0.5' },
      cash: '10',
      initialCash: '10',
      ...settings,
    });
    const owner = await world.own();
    await owner.hear('pumpfun', NOON);
    await world.addSignal({ venue: 'pumpfun', instrument: mint, ruleKey: RULE, price: '0.00000003' });
    await owner.catchUp();
    return owner;
  }

  it('buys by the exact curve and stops on the trade that breaks the stop', async () => {
    const owner = await holder({
      exitPlan: { stopLossPercent: 20, takeProfit: { type: 'FIXED', gainPercent: 50 } },
    });
    const [order] = await world.rows<{ quantity: string; quote_amount: string; fee: string }>(
      'select quantity, quote_amount, fee from orders',
    );
    const curve = { virtualSolLamports: 31_000_000_000n, virtualTokenUnits: 1_038_387_096_774_194n };
    const exact = buyExactSolIn(curve, 500_000_000n);
    expect(Number(order?.quantity) * 1e6).toBe(Number(exact?.tokenUnits));
    expect(Number(order?.quote_amount) + Number(order?.fee)).toBeCloseTo(0.5, 8);
    await world.addTokenEvents(
      buildTokenTraded({ side: 'sell', signature: 's1', reserves: curveAfter(100_000_000n) }),
    );
    await owner.catchUp();
    expect(await world.trades()).toEqual([]);
    await world.addTokenEvents(
      buildTokenTraded({
        side: 'sell',
        signature: 's2',
        reserves: { virtualSolLamports: '27000000000', virtualTokenUnits: '1192222222222222' },
      }),
    );
    await owner.catchUp();
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['stop_loss']);
    expect(await world.ledger()).toEqual([]);
  });

  it('sells progressively after the migration, over a restart', async () => {
    const first = await holder({
      exitPlan: {
        takeProfit: {
          type: 'PROGRESSIVE_AFTER_MIGRATION',
          initialPercent: 50,
          stepPercent: 25,
          stepInterval: 10,
          stepUnit: 'seconds',
        },
      },
    });
    const soldOut = { virtualSolLamports: '115005359057', virtualTokenUnits: '279900000000000' };
    await world.addTokenEvents(buildTokenTraded({ signature: 'last', reserves: soldOut }));
    await first.catchUp();
    expect(await world.orders()).toHaveLength(1);
    await first.die();

    await world.addTokenEvents({
      kind: 'migrated',
      seq: 0,
      mint,
      at: NOON + 1,
      signature: 'm',
      pool: 'pump-amm',
    });
    const second = await world.own();
    await second.hear('pumpfun', NOON + 5_000);
    await second.catchUp();
    expect((await world.orders()).map((order) => order.cause)).toEqual(['signal:1', 'exit:prog-0']);
    await second.hear('pumpfun', NOON + 14_999);
    expect(await world.orders()).toHaveLength(2);
    await second.die();

    const third = await world.own();
    await third.hear('pumpfun', NOON + 15_000);
    expect((await world.orders()).map((order) => order.cause)).toContain('exit:prog-1');
    await third.hear('pumpfun', NOON + 99_000);
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['migration']);
    expect(await world.orders()).toHaveLength(4);
    expect(await world.ledger()).toEqual([]);
    expect(await world.eventsAreGapless()).toBe(true);
  });

  it('sells progressively what was bought when the token had migrated already', async () => {
    await world.addTokenEvents(
      buildTokenCreated(),
      buildTokenTraded({
        reserves: { virtualSolLamports: '115005359057', virtualTokenUnits: '279900000000000' },
      }),
      { kind: 'migrated', seq: 0, mint, at: NOON, signature: 'm', pool: 'pump-amm' },
    );
    const owner = await holderOf({
      exitPlan: {
        takeProfit: {
          type: 'PROGRESSIVE_AFTER_MIGRATION',
          initialPercent: 50,
          stepPercent: 50,
          stepInterval: 10,
          stepUnit: 'seconds',
        },
      },
    });
    expect((await world.orders()).map((order) => order.cause)).toEqual(['signal:1']);
    await owner.hear('pumpfun', NOON + 1_000);
    expect((await world.orders()).map((order) => order.cause)).toEqual(['signal:1', 'exit:prog-0']);
    await owner.hear('pumpfun', NOON + 11_000);
    expect((await world.trades()).map((trade) => trade.exit_reason)).toEqual(['migration']);
    expect(await world.ledger()).toEqual([]);
  });

  it('refuses a token whose state is in doubt until a check confirms it, after a takeover too', async () => {
    const check = (at: number, unconfirmedReason: string | null): TokenChecked => ({
      kind: 'checked',
      seq: 0,
      mint,
      at,
      unconfirmedReason,
      untradeableReason: null,
      state: null,
    });
    await world.addBot(await world.addUser(), {
      venue: 'pumpfun',
      instruments: [],
      ruleKey: RULE,
      stake: { type: 'fixed', amount: '0.5' },
      cash: '10',
      initialCash: '10',
    });
    await world.addTokenEvents(buildTokenCreated(), check(1, 'trades of it were missed'), buildTokenTraded());
    const signal = { venue: 'pumpfun', instrument: mint, ruleKey: RULE, price: '0.00000003' } as const;
    const first = await world.own();
    await first.hear('pumpfun', NOON);
    await world.addSignal(signal);
    await first.catchUp();
    await first.die();

    const second = await world.own();
    await second.hear('pumpfun', NOON);
    await world.addSignal(signal);
    await second.catchUp();
    const refusals = await world.rows(
      "select happening->>'code' as code, happening->>'value' as why from bot_events",
    );
    expect(refusals).toEqual(Array(2).fill({ code: 'STALE_DATA', why: 'trades of it were missed' }));

    await world.addTokenEvents(check(2, null));
    await second.catchUp();
    await world.addSignal(signal);
    await second.catchUp();
    expect(await world.orders()).toHaveLength(1);
  });

  it('refuses a token that may not be bought, and one it knows nothing of', async () => {
    await world.addBot(await world.addUser(), { venue: 'pumpfun', instruments: [], ruleKey: RULE });
    await world.addTokenEvents(buildTokenCreated({ untradeableReason: 'mayhem' }));
    const owner = await world.own();
    await owner.hear('pumpfun', NOON);
    await world.addSignal({ venue: 'pumpfun', instrument: mint, ruleKey: RULE });
    await world.addSignal({ venue: 'pumpfun', instrument: 'unknownmint', ruleKey: RULE });
    await owner.catchUp();
    const codes = await world.rows("select happening->>'code' as code from bot_events order by seq");
    expect(codes).toEqual([{ code: 'UNTRADEABLE' }, { code: 'NO_PRICE' }]);
  });
});
