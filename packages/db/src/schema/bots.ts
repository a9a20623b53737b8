import type {
  BotHappening,
  BotMode,
  DesiredState,
  ExitPlan,
  ExitReason,
  OrderSide,
  OrderStatus,
  RiskSettings,
  Stake,
  Venue,
} from '@onefeed/contracts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { amount, counter, createdAt, timeMs } from './columns.ts';

const owner = () =>
  uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

export const bots = pgTable(
  'bots',
  {
    id: uuid('id').primaryKey(),
    userId: owner(),
    name: text('name').notNull(),
    venue: text('venue').$type<Venue>().notNull(),
    instruments: text('instruments').array().notNull(),
    strategyName: text('strategy_name').notNull(),
    strategySource: text('strategy_source').notNull(),
    ruleKey: text('rule_key').notNull(),
    mode: text('mode').$type<BotMode>().notNull(),
    stake: jsonb('stake').$type<Stake>().notNull(),
    exitPlan: jsonb('exit_plan').$type<ExitPlan>().notNull(),
    risk: jsonb('risk').$type<RiskSettings>().notNull(),
    /** What the owner wants; the runner converges to it. */
    state: text('state').$type<DesiredState>().notNull(),
    /** The bot started through /api/bot/start; at most one a user. */
    legacy: boolean('legacy').notNull().default(false),
    shard: integer('shard').notNull(),
    cash: amount('cash').notNull(),
    initialCash: amount('initial_cash').notNull(),
    signalsReceived: counter('signals_received').notNull().default(0),
    startedAt: timeMs('started_at'),
    createdAt: createdAt(),
  },
  (table) => [
    index('bots_user').on(table.userId, table.createdAt),
    index('bots_shard').on(table.shard, table.state),
    index('bots_rule').on(table.state, table.ruleKey),
  ],
);

/** One row a shard: fences writes by epoch and says how far its owner has read. */
export const botShards = pgTable('bot_shards', {
  shard: integer('shard').primaryKey(),
  epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
  /** Last signal id handled by this shard. */
  signalCursor: bigint('signal_cursor', { mode: 'bigint' }).notNull().default(sql`0`),
  /** Last token event handled (migrations and prices of held tokens). */
  tokenCursor: counter('token_cursor').notNull().default(0),
  /** Last bot event written. */
  eventSeq: counter('event_seq').notNull().default(0),
});

/** Commands to bots (close all positions); the runner deletes a row in the transaction that carries it out. */
export const botCommands = pgTable(
  'bot_commands',
  {
    id: uuid('id').primaryKey(),
    userId: owner(),
    botId: uuid('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    shard: integer('shard').notNull(),
    command: text('command').$type<'closePositions'>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('bot_commands_user').on(table.userId), index('bot_commands_shard').on(table.shard)],
);

export const orders = pgTable(
  'orders',
  {
    id: uuid('id').primaryKey(),
    /** Derived from (bot, signal) or (position, leg): the same cause always has the same id (I4). */
    clientId: text('client_id').notNull(),
    userId: owner(),
    botId: uuid('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    positionId: uuid('position_id').notNull(),
    cause: text('cause').notNull(),
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    mode: text('mode').$type<BotMode>().notNull(),
    status: text('status').$type<OrderStatus>().notNull(),
    quantity: amount('quantity').notNull(),
    price: amount('price'),
    quoteAmount: amount('quote_amount').notNull(),
    fee: amount('fee').notNull(),
    feeAsset: text('fee_asset').notNull(),
    createdAtMs: timeMs('created_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('orders_client_id').on(table.clientId),
    uniqueIndex('orders_cause').on(table.botId, table.positionId, table.cause),
    index('orders_user').on(table.userId),
    index('orders_bot').on(table.botId, table.createdAtMs),
  ],
);

export const fills = pgTable(
  'fills',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    userId: owner(),
    botId: uuid('bot_id').notNull(),
    price: amount('price').notNull(),
    quantity: amount('quantity').notNull(),
    quoteAmount: amount('quote_amount').notNull(),
    fee: amount('fee').notNull(),
    feeAsset: text('fee_asset').notNull(),
    filledAtMs: timeMs('filled_at_ms').notNull(),
  },
  (table) => [index('fills_user').on(table.userId), index('fills_order').on(table.orderId)],
);

export const openPositions = pgTable(
  'open_positions',
  {
    id: uuid('id').primaryKey(),
    userId: owner(),
    botId: uuid('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    shard: integer('shard').notNull(),
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    quantity: amount('quantity').notNull(),
    originalQuantity: amount('original_quantity').notNull(),
    entryPrice: amount('entry_price').notNull(),
    cost: amount('cost').notNull(),
    proceeds: amount('proceeds').notNull(),
    exitPlan: jsonb('exit_plan').$type<ExitPlan>().notNull(),
    /** State of the exits (high-water mark, legs done, migration time), as the domain defines it. */
    exitState: jsonb('exit_state').notNull(),
    openedAtMs: timeMs('opened_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('open_positions_instrument').on(table.botId, table.instrument),
    index('open_positions_user').on(table.userId),
    index('open_positions_shard').on(table.shard),
  ],
);

export const completedTrades = pgTable(
  'completed_trades',
  {
    /** The position's id. */
    id: uuid('id').primaryKey(),
    userId: owner(),
    botId: uuid('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    quantity: amount('quantity').notNull(),
    entryPrice: amount('entry_price').notNull(),
    exitPrice: amount('exit_price').notNull(),
    cost: amount('cost').notNull(),
    proceeds: amount('proceeds').notNull(),
    profit: amount('profit').notNull(),
    profitPercent: doublePrecision('profit_percent').notNull(),
    dust: amount('dust').notNull(),
    exitReason: text('exit_reason').$type<ExitReason>().notNull(),
    openedAtMs: timeMs('opened_at_ms').notNull(),
    closedAtMs: timeMs('closed_at_ms').notNull(),
  },
  (table) => [
    index('completed_trades_user').on(table.userId, table.closedAtMs),
    index('completed_trades_bot').on(table.botId, table.closedAtMs),
  ],
);

/** Everything that happened in bots, in order within a shard: what the api relays and replays. */
export const botEvents = pgTable(
  'bot_events',
  {
    shard: integer('shard').notNull(),
    seq: counter('seq').notNull(),
    userId: owner(),
    botId: uuid('bot_id').notNull(),
    at: timeMs('at').notNull(),
    happening: jsonb('happening').$type<BotHappening>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shard, table.seq] }),
    index('bot_events_user').on(table.userId),
    index('bot_events_bot').on(table.botId, table.at),
  ],
);
