import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from './pool.ts';
import * as schema from './schema/index.ts';

/**
 * Typed queries over the pool. Transactions check their connection out themselves: drizzle's own gives it back only
 * when `begin` succeeded, and each that broke just before (Postgres restarted) would be missing from the pool for ever.
 */
export function createDatabase(pool: Pool) {
  const database = drizzle({ client: pool, schema });
  const transaction: typeof database.transaction = async (work, config) => {
    const client = await pool.connect();
    let failed = true;
    try {
      const result = await drizzle({ client, schema }).transaction(work, config);
      failed = false;
      return result;
    } finally {
      // Failures are rare, and whether the connection still works, and in which state, is not worth guessing.
      client.release(failed);
    }
  };
  return Object.assign(database, { transaction });
}
export type Database = ReturnType<typeof createDatabase>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
