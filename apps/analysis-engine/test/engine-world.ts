import { createHash } from 'node:crypto';
import { type Bus, createMemoryBus, createMemoryHub, type MemoryHub } from '@onefeed/bus';
import type { Candle, Signal, SignalDraft, StoredCandle, TokenEvent, Venue } from '@onefeed/contracts';
import {
  createCandlesRepository,
  createPool,
  createTokenEventsRepository,
  type Fence,
  type Pool,
} from '@onefeed/db';
import { builtInStrategy, formatStrategy, parseStrategy, type Strategy } from '@onefeed/domain';
import { createTestDatabase } from '@onefeed/testkit';

const GATEWAY: Fence = { role: 'feed.test', epoch: 1 };

export interface World {
  url: string;
  pool: Pool;
  hub: MemoryHub;
  bus: Bus;
  /** A running bot with the strategy; gives its rule key. */
  startBot(source: string, instruments?: string[]): Promise<string>;
  stopBots(ruleKey: string): Promise<void>;
  /** Stores candles and tells of them, as the gateway does. */
  storeCandles(candles: readonly Candle[]): Promise<StoredCandle[]>;
  storeTokenEvents(events: readonly TokenEvent[]): Promise<TokenEvent[]>;
  tellPrices(at: number): void;
  signals(): Promise<Signal[]>;
  cursor(stream: string): Promise<number>;
  drop(): Promise<void>;
}

/** The strategy of a text, or of a built-in name, with the key the api gives it. */
export function ruleOf(source: string): { ruleKey: string; strategy: Strategy; source: string } {
  const text = builtInStrategy(source)?.source ?? source;
  const parsed = parseStrategy(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const canonical = formatStrategy(parsed.strategy);
  const ruleKey = createHash('sha256').update(canonical).digest('hex').slice(0, 32);
  return { ruleKey, strategy: parsed.strategy, source: text };
}

/** A database with one user, and a gateway that writes to it. */
export async function createWorld(): Promise<World> {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.url, maxConnections: 4, applicationName: 'test' });
  const hub = createMemoryHub();
  const bus = createMemoryBus(hub);
  await bus.start();
  const candles = createCandlesRepository(pool);
  const tokenEvents = createTokenEventsRepository(pool);
  await pool.query("insert into leader_epochs (role, epoch, holder) values ($1, 1, 'test')", [GATEWAY.role]);
  const user = await pool.query<{ id: string }>(
    "insert into users (id, email, password_hash) values (gen_random_uuid(), 'a@example.com', '') returning id",
  );
  const userId = user.rows[0]?.id;

  return {
    url: database.url,
    pool,
    hub,
    bus,
    async startBot(text, instruments = ['BTCUSDT']) {
      const { ruleKey, strategy, source } = ruleOf(text);
      const venue: Venue = strategy.kind === 'token' ? 'pumpfun' : 'binance';
      const bot = await pool.query<{ id: string }>(
        `insert into bots (id, user_id, name, venue, instruments, strategy_name, strategy_source, rule_key, mode,
           stake, exit_plan, risk, state, shard, cash, initial_cash)
         values (gen_random_uuid(), $1, 'bot', $2, $3, 'custom', $4, $5, 'paper', '{}', '{}', '{}', 'running', 0, 1, 1)
         returning id`,
        [userId, venue, strategy.kind === 'token' ? [] : instruments, source, ruleKey],
      );
      bus.publish('control', 'control.api', { type: 'botChanged', botId: bot.rows[0]?.id, shard: 0 });
      return ruleKey;
    },
    async stopBots(ruleKey) {
      await pool.query("update bots set state = 'stopped' where rule_key = $1", [ruleKey]);
      bus.publish('control', 'control.api', { type: 'botChanged', botId: userId, shard: 0 });
    },
    async storeCandles(given) {
      const stored = await candles.storeClosed(GATEWAY, 'binance', given, 'history');
      bus.publishList('market', 'candles.binance', stored, (part) => ({
        type: 'closedCandles',
        candles: part,
      }));
      return stored;
    },
    async storeTokenEvents(events) {
      const keyed = events.map((event) => ({
        dedupeKey: event.kind === 'checked' ? `checked ${event.mint} ${event.at}` : event.signature,
        event,
      }));
      const stored = await tokenEvents.store(GATEWAY, keyed);
      bus.publishList('market', 'tokens.pumpfun', stored, (part) => ({ type: 'tokenEvents', events: part }));
      return stored;
    },
    tellPrices(at) {
      bus.publish('market', 'prices.binance', { type: 'prices', venue: 'binance', at, prices: [] });
    },
    async signals() {
      const result = await pool.query<Signal>(
        `select id::text, venue, instrument, rule_key as "ruleKey", kind, event_time::float8 as "eventTime",
           event_id as "eventId", price::text, provenance from signals order by signals.id`,
      );
      return result.rows;
    },
    async cursor(stream) {
      const result = await pool.query<{ position: string }>(
        'select position from engine_cursors where stream = $1',
        [stream],
      );
      return Number(result.rows[0]?.position ?? -1);
    },
    async drop() {
      await bus.stop();
      await pool.end();
      await database.drop();
    },
  };
}

/** Signals without their ids, in an order of their own: what two computations must agree on. */
export function contentsOf(signals: readonly (Signal | SignalDraft)[]): string[] {
  return signals
    .map(({ venue, instrument, ruleKey, kind, eventTime, eventId, price, provenance }) =>
      JSON.stringify([
        venue,
        eventTime,
        eventId,
        instrument,
        ruleKey,
        kind,
        Number(price),
        provenance.rule,
        provenance.values.map(({ node, value }) => [node, value]),
      ]),
    )
    .sort();
}
