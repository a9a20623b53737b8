import pg from 'pg';
import { pause } from './pause.ts';

/** How often the session says that it lives, and how long an answer may take. */
const HEARTBEAT_MS = 1_000;
const QUERY_TIMEOUT_MS = 3_000;
const CLOSE_TIMEOUT_MS = 500;

/**
 * What makes the server end the session, and so free its locks, when its owner is no more:
 * - process killed: the kernel closes the socket, at once;
 * - machine gone or network cut: TCP keepalive, after 2 + 3 x 1 s, or 5 s of unacknowledged data;
 * - process frozen on a living machine (its kernel still answers): no heartbeat for 5 s, so the session is idle
 *   for 5 s and ended. A process whose event loop stands still for 5 s loses its roles in the same way.
 *
 * A process that runs gives up first: with the network cut it counts its session as lost at most 4 s after the last
 * answer (heartbeat 1 s + query timeout 3 s), a second before the server frees the locks. Only a frozen one overlaps
 * with its successor, for the moment between waking up and learning of the loss: that is what epochs are for.
 */
const SESSION_SETTINGS = [
  'idle_session_timeout=5000',
  'tcp_keepalives_idle=2',
  'tcp_keepalives_interval=1',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=5000',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export interface LockSession {
  /** Rows of one statement. A failed or late one means that the session is lost. */
  query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]>;
  /** Aborted the moment the session may have ended: its locks may be another's. */
  lost: AbortSignal;
  /** Ends the session; the server frees its locks. */
  close(): Promise<void>;
}

/** A dedicated connection whose advisory locks stand for roles, kept alive by a heartbeat. */
export async function openLockSession(databaseUrl: string, applicationName: string): Promise<LockSession> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: applicationName,
    options: SESSION_SETTINGS,
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
  });
  const losing = new AbortController();
  client.on('error', (error) => losing.abort(error));
  client.on('end', () => losing.abort(new Error('the connection ended')));
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }

  async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    losing.signal.throwIfAborted();
    try {
      const result = await client.query<Row>(text, values);
      losing.signal.throwIfAborted();
      return result.rows;
    } catch (error) {
      losing.abort(error);
      throw error;
    }
  }

  async function beat(): Promise<void> {
    while (!losing.signal.aborted) {
      await pause(HEARTBEAT_MS, losing.signal);
      if (!losing.signal.aborted) await query('select 1', []).catch(() => {});
    }
  }
  void beat();

  return {
    query,
    lost: losing.signal,
    async close() {
      losing.abort(new Error('closed'));
      await Promise.race([
        client.end().catch(() => {}),
        pause(CLOSE_TIMEOUT_MS, new AbortController().signal),
      ]);
      // A dead network never confirms the end.
      client.connection.stream.destroy();
    },
  };
}

/** Runs `use` with one lock session after another, with backoff, until `stopping` aborts. */
export async function keepLockSession(options: {
  databaseUrl: string;
  applicationName: string;
  stopping: AbortSignal;
  backoff: { nextMs(): number; reset(): void };
  /**
   * `works` is to be called once the session does what it is for: being let in is not enough (a database that is not
   * migrated, a read-only standby), or such a server would be asked for new connections ten times a second.
   */
  use(session: LockSession, works: () => void): Promise<void>;
  onError(error: unknown): void;
}): Promise<void> {
  const { stopping, backoff } = options;
  while (!stopping.aborted) {
    try {
      const session = await openLockSession(options.databaseUrl, options.applicationName);
      try {
        await options.use(session, backoff.reset);
      } finally {
        await session.close();
      }
    } catch (error) {
      if (stopping.aborted) return;
      options.onError(error);
    }
    await pause(backoff.nextMs(), stopping);
  }
}
