import type { BotEvent, Order, Trade } from '@onefeed/contracts';
import type { StoredPosition } from '@onefeed/domain';
import type { PoolClient } from 'pg';
import type { Pool } from '../pool.ts';
import type { ShardCursors } from './bot-shards.ts';

/** One batch of a shard: everything that follows from what was read, stored at once or not at all. */
export interface ShardBatch {
  shard: number;
  epoch: number;
  /** `eventSeq` before the batch, and all cursors after it. */
  eventSeqBefore: number;
  after: Omit<ShardCursors, 'epoch'>;
  orders: readonly { userId: string; order: Order }[];
  /** Positions that are new or changed. */
  positions: readonly { userId: string; position: StoredPosition }[];
  closedPositionIds: readonly string[];
  trades: readonly { userId: string; trade: Trade }[];
  bots: readonly { id: string; cash: string; newSignals: number }[];
  events: readonly BotEvent[];
  commandIds: readonly string[];
}

/** The shard is another process's now, or was written by one since it was read. Nothing was stored. */
export class ShardFencedError extends Error {
  override name = 'ShardFencedError';

  constructor(shard: number, epoch: number) {
    super(`Shard ${shard} is no longer written in epoch ${epoch}; another process owns it.`);
  }
}

/** Some orders exist already: their causes were carried out before. Nothing was stored. */
export class OrdersExistError extends Error {
  override name = 'OrdersExistError';
  readonly clientIds: readonly string[];

  constructor(clientIds: readonly string[]) {
    super(`${clientIds.length} orders of the batch exist already.`);
    this.clientIds = clientIds;
  }
}

const FENCE = `
  update bot_shards set signal_cursor = $3, token_cursor = $4, event_seq = $5
  where shard = $1 and epoch = $2 and event_seq = $6`;

const ORDERS = `
  insert into orders (id, client_id, user_id, bot_id, position_id, cause, venue, instrument, side, mode, status,
    quantity, price, quote_amount, fee, fee_asset, created_at_ms)
  select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::numeric[], $13::numeric[], $14::numeric[],
    $15::numeric[], $16::text[], $17::int8[])
  on conflict (client_id) do nothing
  returning client_id`;

/** Paper orders fill at once and whole: the fill has the order's id. */
const FILLS = `
  insert into fills (id, order_id, user_id, bot_id, price, quantity, quote_amount, fee, fee_asset, filled_at_ms)
  select id, id, user_id, bot_id, price, quantity, quote_amount, fee, fee_asset, created_at_ms
  from orders where id = any($1::uuid[]) and status = 'filled'`;

const POSITIONS = `
  insert into open_positions as stored (id, user_id, bot_id, shard, venue, instrument, quantity,
    original_quantity, entry_price, cost, proceeds, exit_plan, exit_state, opened_at_ms)
  select id, user_id, bot_id, $1, venue, instrument, quantity, original_quantity, entry_price, cost, proceeds,
    exit_plan, exit_state, opened_at_ms
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::numeric[], $8::numeric[],
    $9::numeric[], $10::numeric[], $11::numeric[], $12::jsonb[], $13::jsonb[], $14::int8[])
    as t(id, user_id, bot_id, venue, instrument, quantity, original_quantity, entry_price, cost, proceeds,
      exit_plan, exit_state, opened_at_ms)
  on conflict (id) do update set quantity = excluded.quantity, proceeds = excluded.proceeds,
    exit_plan = excluded.exit_plan, exit_state = excluded.exit_state`;

const TRADES = `
  insert into completed_trades (id, user_id, bot_id, venue, instrument, quantity, entry_price, exit_price, cost,
    proceeds, profit, profit_percent, dust, exit_reason, opened_at_ms, closed_at_ms)
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::numeric[],
    $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::float8[], $13::numeric[], $14::text[],
    $15::int8[], $16::int8[])`;

const BOTS = `
  update bots set cash = given.cash, signals_received = bots.signals_received + given.new_signals
  from unnest($1::uuid[], $2::numeric[], $3::int8[]) as given(id, cash, new_signals)
  where bots.id = given.id`;

const EVENTS = `
  insert into bot_events (shard, seq, user_id, bot_id, at, happening)
  select $1, * from unnest($2::int8[], $3::uuid[], $4::uuid[], $5::int8[], $6::jsonb[])`;

/** Writes what shards do. The only writer of orders, positions, trades, bot cash and bot events. */
export function createShardJournal(pool: Pool) {
  return {
    /**
     * Stores a batch in one transaction. Throws ShardFencedError when the shard has another owner or was written
     * meanwhile, OrdersExistError when orders of the batch are there already; either way nothing is stored. Any
     * other error leaves the outcome unknown: read the shard again.
     */
    async commit(batch: ShardBatch): Promise<void> {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        await write(client, batch);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
  };
}
export type ShardJournal = ReturnType<typeof createShardJournal>;

async function write(client: PoolClient, batch: ShardBatch): Promise<void> {
  const { shard, epoch, after } = batch;
  const fenced = await client.query(FENCE, [
    shard,
    epoch,
    String(after.signalCursor),
    after.tokenCursor,
    after.eventSeq,
    batch.eventSeqBefore,
  ]);
  if (fenced.rowCount !== 1) throw new ShardFencedError(shard, epoch);
  if (batch.orders.length > 0) await writeOrders(client, batch.orders);
  if (batch.closedPositionIds.length > 0) {
    await client.query('delete from open_positions where id = any($1::uuid[])', [batch.closedPositionIds]);
  }
  if (batch.positions.length > 0) await client.query(POSITIONS, positionParameters(batch));
  if (batch.trades.length > 0) await client.query(TRADES, tradeParameters(batch.trades));
  if (batch.bots.length > 0) {
    const changes = batch.bots;
    await client.query(BOTS, [
      changes.map((bot) => bot.id),
      changes.map((bot) => bot.cash),
      changes.map((bot) => bot.newSignals),
    ]);
  }
  if (batch.events.length > 0) {
    await client.query(EVENTS, [
      shard,
      batch.events.map((event) => event.seq),
      batch.events.map((event) => event.userId),
      batch.events.map((event) => event.botId),
      batch.events.map((event) => event.at),
      batch.events.map((event) => JSON.stringify(event.happening)),
    ]);
  }
  if (batch.commandIds.length > 0) {
    await client.query('delete from bot_commands where id = any($1::uuid[])', [batch.commandIds]);
  }
}

async function writeOrders(client: PoolClient, orders: ShardBatch['orders']): Promise<void> {
  const rows = orders.map(({ order }) => order);
  const stored = await client.query<{ client_id: string }>(ORDERS, [
    rows.map((order) => order.id),
    rows.map((order) => order.clientId),
    orders.map((entry) => entry.userId),
    rows.map((order) => order.botId),
    rows.map((order) => order.positionId),
    rows.map((order) => order.cause),
    rows.map((order) => order.venue),
    rows.map((order) => order.instrument),
    rows.map((order) => order.side),
    rows.map((order) => order.mode),
    rows.map((order) => order.status),
    rows.map((order) => order.quantity),
    rows.map((order) => order.price),
    rows.map((order) => order.quoteAmount),
    rows.map((order) => order.fee),
    rows.map((order) => order.feeAsset),
    rows.map((order) => order.createdAt),
  ]);
  if (stored.rows.length < rows.length) {
    const fresh = new Set(stored.rows.map((row) => row.client_id));
    throw new OrdersExistError(rows.map((order) => order.clientId).filter((id) => !fresh.has(id)));
  }
  await client.query(FILLS, [rows.map((order) => order.id)]);
}

function positionParameters({ shard, positions }: ShardBatch): unknown[] {
  const rows = positions.map(({ position }) => position);
  return [
    shard,
    rows.map((position) => position.id),
    positions.map((entry) => entry.userId),
    rows.map((position) => position.botId),
    rows.map((position) => position.venue),
    rows.map((position) => position.instrument),
    rows.map((position) => position.quantity),
    rows.map((position) => position.originalQuantity),
    rows.map((position) => position.entryPrice),
    rows.map((position) => position.cost),
    rows.map((position) => position.proceeds),
    rows.map((position) => JSON.stringify(position.exitPlan)),
    rows.map((position) => JSON.stringify(position.exitState)),
    rows.map((position) => position.openedAt),
  ];
}

function tradeParameters(trades: ShardBatch['trades']): unknown[] {
  const rows = trades.map(({ trade }) => trade);
  return [
    rows.map((trade) => trade.id),
    trades.map((entry) => entry.userId),
    rows.map((trade) => trade.botId),
    rows.map((trade) => trade.venue),
    rows.map((trade) => trade.instrument),
    rows.map((trade) => trade.quantity),
    rows.map((trade) => trade.entryPrice),
    rows.map((trade) => trade.exitPrice),
    rows.map((trade) => trade.cost),
    rows.map((trade) => trade.proceeds),
    rows.map((trade) => trade.profit),
    rows.map((trade) => trade.profitPercent),
    rows.map((trade) => trade.dust),
    rows.map((trade) => trade.exitReason),
    rows.map((trade) => trade.openedAt),
    rows.map((trade) => trade.closedAt),
  ];
}
