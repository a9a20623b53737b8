import type { UserRole } from '@onefeed/contracts';
import { index, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';

export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    /** Lower case. */
    email: text('email').notNull(),
    /** Argon2id, with its own salt and parameters. */
    passwordHash: text('password_hash').notNull(),
    role: text('role').$type<UserRole>().notNull().default('user'),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('users_email').on(table.email)],
);

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    /** SHA-256 of the token: the token itself is only in the cookie. */
    tokenHash: text('token_hash').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** One login's chain of rotated tokens: re-use of an old one revokes the chain. */
    family: uuid('family').notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    usedAt: timestamp('used_at', { withTimezone: true }),
    createdAt: createdAt(),
  },
  (table) => [index('refresh_tokens_user').on(table.userId), index('refresh_tokens_family').on(table.family)],
);

/** Who did what, for admins. Rows are added, and deleted when they are old. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id'),
    action: text('action').notNull(),
    subject: text('subject'),
    detail: jsonb('detail'),
    createdAt: createdAt(),
  },
  (table) => [index('audit_log_user').on(table.userId), index('audit_log_created').on(table.createdAt)],
);
