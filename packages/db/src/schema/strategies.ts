import type { Provenance, SignalKind, Venue } from '@onefeed/contracts';
import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { amount, counter, createdAt, timeMs } from './columns.ts';

/** Users' own strategies. The built-in ones are part of the program and have no rows. */
export const strategies = pgTable(
  'strategies',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    source: text('source').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index('strategies_user').on(table.userId),
    uniqueIndex('strategies_name').on(table.userId, table.name),
  ],
);

/** Signals, written by one process at a time; `id` rises in commit order, so it is a cursor. */
export const signals = pgTable(
  'signals',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey(),
    venue: text('venue').$type<Venue>().notNull(),
    instrument: text('instrument').notNull(),
    ruleKey: text('rule_key').notNull(),
    kind: text('kind').$type<SignalKind>().notNull(),
    eventTime: timeMs('event_time').notNull(),
    eventId: text('event_id').notNull(),
    price: amount('price').notNull(),
    provenance: jsonb('provenance').$type<Provenance>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    // I3: a signal is its content.
    uniqueIndex('signals_content').on(
      table.venue,
      table.instrument,
      table.ruleKey,
      table.kind,
      table.eventTime,
      table.eventId,
    ),
    index('signals_rule').on(table.ruleKey, table.id),
  ],
);

/** How far the engine has read each stream; moved in the transaction that stores the signals. */
export const engineCursors = pgTable('engine_cursors', {
  stream: text('stream').primaryKey(),
  position: counter('position').notNull(),
});

/** Fencing: the epoch of each singleton role rises with every new holder. */
export const leaderEpochs = pgTable('leader_epochs', {
  role: text('role').primaryKey(),
  epoch: bigint('epoch', { mode: 'number' }).notNull().default(sql`0`),
  holder: text('holder').notNull(),
});
