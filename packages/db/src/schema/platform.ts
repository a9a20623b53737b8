import type { ServiceStatus } from '@onefeed/contracts';
import { jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Settings of the whole platform, one row a name: `killSwitch` -> {entries: boolean, everything: boolean}. */
export const platformSettings = pgTable('platform_settings', {
  name: text('name').primaryKey(),
  value: jsonb('value').notNull(),
});

/** What each process last said of itself; old rows mean a silent process. */
export const serviceStatus = pgTable(
  'service_status',
  {
    service: text('service').notNull(),
    instance: text('instance').notNull(),
    status: jsonb('status').$type<ServiceStatus>().notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.service, table.instance] })],
);
