import { bigint, numeric, timestamp } from 'drizzle-orm/pg-core';

/** Milliseconds since the epoch: market times, as they travel. */
export const timeMs = (name: string) => bigint(name, { mode: 'number' });

/** A 64-bit counter read as a number: below 2^53 for the life of the platform. */
export const counter = (name: string) => bigint(name, { mode: 'number' });

/** Money, prices and sizes: exact, any precision, decimal text in TypeScript. */
export const amount = (name: string) => numeric(name);

/** Bookkeeping time of a row; nothing is decided on it. */
export const createdAt = () => timestamp('created_at', { withTimezone: true }).notNull().defaultNow();
