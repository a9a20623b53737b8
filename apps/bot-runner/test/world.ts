import { randomUUID } from 'node:crypto';
import { createMemoryBus, createMemoryHub } from '@onefeed/bus';
import type { Bot, Prices, Signal, TokenEvent } from '@onefeed/contracts';
import {
  createBotCommandsRepository,
  createBotShardsRepository,
  createBotsRepository,
  createCandlesRepository,
  createFeedHealthRepository,
  createInstrumentsRepository,
  createLedgerRepository,
  createPool,
  createPositionsRepository,
  createShardJournal,
  createSignalInbox,
  createTokenEventsRepository,
  createTokenMarketsRepository,
  createTradesRepository,
  type Pool,
} from '@onefeed/db';
import { createPaperExecution } from '@onefeed/domain';
import { buildBot, buildInstrument, createTestDatabase } from '@onefeed/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Static } from 'typebox';
import { createExchangeBook } from '../src/market/exchange-book.ts';
import { createFeedHealthBook, type FeedHealthBook } from '../src/market/feed-health-book.ts';
import { createVenueClocks } from '../src/market/venue-clocks.ts';
import { createRunnerMetrics } from '../src/metrics.ts';
import { createShard, type Shard } from '../src/shard/shard.ts';

export const NOON = 1_750_000_000_000;
export const SHARD = 0;

/** A database with users, bots and signals, and shard owners that live and die on it. */
export async function createWorld() {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.url, maxConnections: 6, applicationName: 'world' });
  const hub = createMemoryHub();
  const owners: Owner[] = [];
  let lastSignal = 0n;
  let lastToken = 0;

  await createInstrumentsRepository(pool).upsert('binance', [buildInstrument()]);

  async function addUser(): Promise<string> {
    const id = randomUUID();
    await pool.query("insert into users (id, email, password_hash) values ($1, $2, 'x')", [
      id,
      `${id}@x.test`,
    ]);
    return id;
  }

  async function addBot(userId: string, changes: Partial<Bot> = {}): Promise<Bot> {
    const bot = buildBot({ id: randomUUID(), startedAt: 0, ...changes });
    await pool.query(
      `insert into bots (id, user_id, name, venue, instruments, strategy_name, strategy_source, rule_key, mode, stake,
         exit_plan, risk, state, shard, cash, initial_cash, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        bot.id,
        userId,
        bot.name,
        bot.venue,
        bot.instruments,
        bot.strategyName,
        bot.strategySource,
        bot.ruleKey,
        bot.mode,
        JSON.stringify(bot.stake),
        JSON.stringify(bot.exitPlan),
        JSON.stringify(bot.risk),
        bot.state,
        SHARD,
        bot.cash,
        bot.initialCash,
        bot.startedAt,
      ],
    );
    return bot;
  }

  /** Stores a signal as the engine does; owners hear of it by `tell`. */
  async function addSignal(changes: Partial<Signal> = {}): Promise<Signal> {
    lastSignal += 1n;
    const signal: Signal = {
      id: String(lastSignal),
      venue: 'binance',
      instrument: 'BTCUSDT',
      ruleKey: buildBot().ruleKey,
      kind: 'entry',
      eventTime: NOON + Number(lastSignal),
      eventId: `1m:${lastSignal}`,
      price: '50000',
      provenance: { rule: 'test', values: [] },
      ...changes,
    };
    await pool.query(
      `insert into signals (id, venue, instrument, rule_key, kind, event_time, event_id, price, provenance)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        signal.id,
        signal.venue,
        signal.instrument,
        signal.ruleKey,
        signal.kind,
        signal.eventTime,
        signal.eventId,
        signal.price,
        JSON.stringify(signal.provenance),
      ],
    );
    return signal;
  }

  /** Stores token events as the gateway does. */
  async function addTokenEvents(...events: TokenEvent[]): Promise<TokenEvent[]> {
    await pool.query(
      "insert into leader_epochs (role, epoch, holder) values ('feed.pumpfun', 1, 'test') on conflict do nothing",
    );
    const keyed = events.map((event) => ({ dedupeKey: `${++lastToken}`, event }));
    return createTokenEventsRepository(pool).store({ role: 'feed.pumpfun', epoch: 1 }, keyed);
  }

  async function own(options: { pool?: Pool; now?: () => number } = {}): Promise<Owner> {
    const result = await pool.query<{ epoch: string }>(
      `insert into bot_shards (shard, epoch) values ($1, 1)
       on conflict (shard) do update set epoch = bot_shards.epoch + 1 returning epoch`,
      [SHARD],
    );
    const owner = await createOwner(Number(result.rows[0]?.epoch), options);
    owners.push(owner);
    return owner;
  }

  async function createOwner(epoch: number, options: { pool?: Pool; now?: () => number }) {
    const db = options.pool ?? pool;
    const term = new AbortController();
    const bus = createMemoryBus(hub);
    await bus.start();
    const clocks = createVenueClocks(() => 0);
    const exchange = createExchangeBook({
      instruments: createInstrumentsRepository(db),
      monotonicNow: () => 0,
    });
    const health = createFeedHealthBook({ health: createFeedHealthRepository(db) });
    await health.refresh();
    const registry = new Registry();
    const shard: Shard = createShard(
      { shard: SHARD, epoch, signal: term.signal },
      {
        shards: createBotShardsRepository(db),
        bots: createBotsRepository(db),
        positions: createPositionsRepository(db),
        trades: createTradesRepository(db),
        candles: createCandlesRepository(db),
        tokenMarkets: createTokenMarketsRepository(db),
        tokenEvents: createTokenEventsRepository(db),
        commands: createBotCommandsRepository(db),
        journal: createShardJournal(db),
        ledger: createLedgerRepository(db),
        signalInbox: createSignalInbox(db),
        execute: createPaperExecution(),
        maxSignalAgeMs: 120_000,
        killSwitch: () => owner.killSwitch,
        clocks,
        exchange,
        health,
        bus,
        metrics: createRunnerMetrics(registry),
        logger: pino({ level: 'silent' }),
        onOrders: () => {},
        now: options.now ?? Date.now,
      },
    );
    const owner = {
      shard,
      health,
      registry,
      term,
      killSwitch: { entries: false, everything: false },
      /** The feed speaks: clocks and prices; resolves when the shard has looked at them. */
      async hear(venue: 'binance' | 'pumpfun', at: number, prices: Static<typeof Prices>['prices'] = []) {
        clocks.hear(venue, at);
        for (const { instrument, price } of prices) exchange.observe(instrument, price, at, true);
        shard.prices(
          venue,
          prices.map(({ instrument }) => instrument),
        );
        await shard.idle();
      },
      async price(price: string, at = NOON + 1_000) {
        await owner.hear('binance', at, [{ instrument: 'BTCUSDT', price, at }]);
      },
      /** Reads signals and token events that are stored and not handled yet. */
      async catchUp() {
        shard.signals.wake();
        await shard.signals.settled();
        shard.tokens.wake();
        await shard.tokens.settled();
      },
      /** Gone without a word: nothing more of it reaches the database. */
      async die() {
        term.abort();
        await shard.stop();
        await bus.stop();
      },
    };
    return owner;
  }

  const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;

  return {
    url: database.url,
    pool,
    hub,
    addUser,
    addBot,
    addSignal,
    addTokenEvents,
    own,
    rows,
    orders: () =>
      rows<{ client_id: string; bot_id: string; user_id: string; side: string; cause: string }>(
        'select client_id, bot_id, user_id, side, cause from orders order by created_at_ms, client_id',
      ),
    trades: () =>
      rows<{ bot_id: string; exit_reason: string; profit: string }>(
        'select bot_id, exit_reason, profit from completed_trades order by closed_at_ms, id',
      ),
    positions: () =>
      rows<{ id: string; bot_id: string; quantity: string }>(
        'select id, bot_id, quantity from open_positions order by id',
      ),
    ledger: () => createLedgerRepository(pool).mismatches(SHARD, 10),
    /** Bot events carry every number from 1 on, once. */
    async eventsAreGapless(): Promise<boolean> {
      const [row] = await rows<{ fine: boolean }>(
        `select count(*) = coalesce(max(seq), 0) and coalesce(max(seq), 0) = (select event_seq from bot_shards where shard = $1) as fine
         from bot_events where shard = $1`,
        [SHARD],
      );
      return row?.fine === true;
    },
    /** Empties everything but the instruments; owners are gone. */
    async clear() {
      for (const owner of owners.splice(0)) await owner.die();
      await pool.query('truncate users, signals, bot_shards, tokens, token_events cascade');
      lastSignal = 0n;
    },
    async end() {
      for (const owner of owners) await owner.die();
      await pool.end();
      await database.drop();
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;
export type Owner = {
  shard: Shard;
  health: FeedHealthBook;
  registry: Registry;
  term: AbortController;
  killSwitch: { entries: boolean; everything: boolean };
  hear(venue: 'binance' | 'pumpfun', at: number, prices?: Static<typeof Prices>['prices']): Promise<void>;
  price(price: string, at?: number): Promise<void>;
  catchUp(): Promise<void>;
  die(): Promise<void>;
};
