import { sql } from 'drizzle-orm';
import type { Transaction } from '../database.ts';

/**
 * Makes one user's changes follow each other until the transaction ends, so that a limit counted before an
 * insert holds after it. Others are not held up.
 */
export async function lockUser(tx: Transaction, userId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`user:${userId}`}, 0))`);
}
