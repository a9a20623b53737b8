import pg from 'pg';

const CLOSE_TIMEOUT_MS = 1_000;

export interface Connection {
  client: pg.Client;
  /** Aborted when the connection is lost or closed; `reason` says why. */
  lost: AbortSignal;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  databaseUrl: string;
  applicationName: string;
  /** Longest time of connecting, and of any one statement. */
  timeoutMs: number;
}

/** A dedicated connection, not from a pool and not through a pooler: LISTEN belongs to a session. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.timeoutMs,
    query_timeout: options.timeoutMs,
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
