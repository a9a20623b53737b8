import pg from 'pg';

/** Milliseconds: of connecting, and of any one statement. */
const TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;

export interface Connection {
  client: pg.Client;
  /** Aborted when the connection is lost or closed; `reason` says why. */
  lost: AbortSignal;
  close(): Promise<void>;
}

/** A dedicated connection, not from a pool and not through a pooler: LISTEN belongs to a session. */
export async function openConnection(databaseUrl: string, applicationName: string): Promise<Connection> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const lost = new AbortController();
  client.on('error', (error) => lost.abort(error));
  client.on('end', () => lost.abort(new Error('the connection ended')));
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
  return {
    client,
    lost: lost.signal,
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      await Promise.race([client.end().catch(() => {}), late]);
      clearTimeout(timer);
      // Whatever is left of it: a dead network never confirms the end.
      client.connection.stream.destroy();
      lost.abort(new Error('closed'));
    },
  };
}

export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
