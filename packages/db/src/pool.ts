import pg from 'pg';

export type Pool = pg.Pool;

/** Statements are cut at this; the client gives up a moment later, for when the server does not answer at all. */
const STATEMENT_MS = 30_000;
const ANSWER_MS = 35_000;
/**
 * A transaction whose owner stands still holds its locks; those of a fenced writer must be free before a
 * successor is due (10 s, I1).
 */
const IDLE_IN_TRANSACTION_MS = 5_000;

/** A pool of at most `maxConnections`, in which no caller waits for ever. */
export function createPool(options: { url: string; maxConnections: number; applicationName: string }): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A connection that breaks (Postgres restarted) is dropped by the pool and replaced on next use, and a call
  // in progress on it fails; without a listener for the idle ones and one for those in use Node would end the
  // process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}
