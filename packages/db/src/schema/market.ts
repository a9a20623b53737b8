import type { FeedTrouble, Timeframe, TokenEvent, TokenStatus, Venue } from '@onefeed/contracts';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { amount, counter, timeMs } from './columns.ts';

export const instruments = pgTable(
  'instruments',
  {
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    baseAsset: text('base_asset').notNull(),
    quoteAsset: text('quote_asset').notNull(),
    tickSize: amount('tick_size').notNull(),
    stepSize: amount('step_size').notNull(),
    minQuantity: amount('min_quantity').notNull(),
    minNotional: amount('min_notional').notNull(),
    tradeable: boolean('tradeable').notNull(),
  },
  (table) => [primaryKey({ columns: [table.venue, table.instrument] })],
);

/** Closed candles. `seq` is given by the venue's one writer, in commit order: a gap-free reading cursor. */
export const candles = pgTable(
  'candles',
  {
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    timeframe: text('timeframe').$type<Timeframe>().notNull(),
    openTime: timeMs('open_time').notNull(),
    open: amount('open').notNull(),
    high: amount('high').notNull(),
    low: amount('low').notNull(),
    close: amount('close').notNull(),
    volume: amount('volume').notNull(),
    quoteVolume: amount('quote_volume').notNull(),
    trades: integer('trades').notNull(),
    seq: counter('seq').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.venue, table.instrument, table.timeframe, table.openTime] }),
    uniqueIndex('candles_seq').on(table.venue, table.seq),
  ],
);

/** What a reader may know of every token seen; reserves in base units. */
export const tokens = pgTable(
  'tokens',
  {
    mint: text('mint').primaryKey(),
    name: text('name').notNull(),
    symbol: text('symbol').notNull(),
    uri: text('uri').notNull(),
    creator: text('creator').notNull(),
    createdAtMs: timeMs('created_at_ms').notNull(),
    status: text('status').$type<TokenStatus>().notNull(),
    virtualSolLamports: amount('virtual_sol_lamports').notNull(),
    virtualTokenUnits: amount('virtual_token_units').notNull(),
    untradeableReason: text('untradeable_reason'),
    /** Why the reserves are not to be relied on: trades may have been missed. Null when they are. */
    unconfirmedReason: text('unconfirmed_reason'),
    aiScore: doublePrecision('ai_score'),
    /** seq of the last event applied. */
    lastSeq: counter('last_seq').notNull(),
  },
  (table) => [index('tokens_created').on(table.createdAtMs)],
);

/** The recent events of all tokens, kept for readers that were away; older rows are deleted. */
export const tokenEvents = pgTable(
  'token_events',
  {
    seq: counter('seq').primaryKey(),
    mint: text('mint').notNull(),
    /** The venue's identity of the event: a replayed or doubled frame has the same. */
    dedupeKey: text('dedupe_key').notNull(),
    at: timeMs('at').notNull(),
    event: jsonb('event').$type<TokenEvent>().notNull(),
  },
  (table) => [
    uniqueIndex('token_events_dedupe').on(table.dedupeKey),
    index('token_events_mint').on(table.mint, table.seq),
    index('token_events_at').on(table.at),
  ],
);

/**
 * Which candle streams somebody wants, as leases: a holder (an api or engine process) renews its rows, and
 * rows of a dead one expire.
 */
export const streamDemand = pgTable(
  'stream_demand',
  {
    holder: text('holder').notNull(),
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    timeframe: text('timeframe').$type<Timeframe>().notNull(),
    /** Closed candles the holder computes from; the stream's history is read at least this far back. */
    historyCandles: integer('history_candles').notNull().default(0),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.holder, table.venue, table.instrument, table.timeframe] })],
);

/** Ranges of open times that the venue's own history does not have, both ends inclusive. */
export const candleHoles = pgTable(
  'candle_holes',
  {
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    timeframe: text('timeframe').$type<Timeframe>().notNull(),
    fromOpenTime: timeMs('from_open_time').notNull(),
    toOpenTime: timeMs('to_open_time').notNull(),
    foundAt: timestamp('found_at', { withTimezone: true }).notNull().defaultNow(),
    /** When a second reading found it again; null before. */
    confirmedAt: timestamp('confirmed_at', { withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.venue, table.instrument, table.timeframe, table.fromOpenTime] })],
);

/** Instruments whose data may not be believed now: entries on them are refused. Those in order have no row. */
export const feedHealth = pgTable(
  'feed_health',
  {
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    trouble: text('trouble').$type<FeedTrouble>().notNull(),
    /** Venue time at which it began. */
    since: timeMs('since').notNull(),
  },
  (table) => [primaryKey({ columns: [table.venue, table.instrument] })],
);
