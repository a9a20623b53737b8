import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema/index.ts';

export type Pool = pg.Pool;

/** A pool of at most `maxConnections`; statements are cut at 30 s so that no caller waits for ever. */
export function createPool(options: { url: string; maxConnections: number; applicationName: string }): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // An idle connection that breaks (Postgres restarted) is dropped by the pool and replaced on next use;
  // without a listener Node would end the process.
  pool.on('error', () => {});
  return pool;
}

/** Typed queries over the pool. */
export function createDatabase(pool: Pool) {
  return drizzle({ client: pool, schema });
}
export type Database = ReturnType<typeof createDatabase>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
