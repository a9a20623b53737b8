import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LocalPostgres, LocalPostgresError, startLocalPostgres } from '@onefeed/local-postgres';
import { createBackoff } from '@onefeed/service-kit';
import pg from 'pg';
import { UsageError } from './usage-error.ts';

const REACH_WITHIN_MS = 5_000;

/** The platform's database, whoever runs it. */
export interface PlatformDatabase {
  url: string;
  stop(): Promise<void>;
}

/** Somebody's own Postgres: nothing to start or stop, but it has to answer. Throws UsageError when it does not. */
export async function reachDatabase(url: string): Promise<PlatformDatabase> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: REACH_WITHIN_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`The database of DATABASE_URL cannot be reached (${code ?? message}).`, 1);
  } finally {
    await client.end().catch(() => {});
  }
  return { url, stop: async () => {} };
}

/**
 * The bundled Postgres in `home`. When its server ends unexpectedly it is started again on the same port, so
 * that the address the services know stays right; they reconnect by themselves.
 */
export async function startBundledDatabase(options: {
  home: string;
  /** The database in it; made when it does not exist. */
  name: string;
  /** Throw away what an earlier start left in it. */
  fresh: boolean;
  log(line: string): void;
  random: () => number;
}): Promise<PlatformDatabase> {
  const { home, log } = options;
  const backoff = createBackoff({ minMs: 100, maxMs: 10_000, random: options.random });
  const stopping = new AbortController();
  let restarting: Promise<void> | undefined;
  let postgres = await start().catch((error: unknown) => {
    throw error instanceof LocalPostgresError ? new UsageError(error.message, 1) : error;
  });
  const { port } = postgres;
  const url = await postgres.createDatabase(options.name, { fresh: options.fresh });
  log(`the bundled Postgres is running, database ${options.name}`);

  function start(fixedPort?: number): Promise<LocalPostgres> {
    return startLocalPostgres({
      dataDirectory: join(home, 'postgres'),
      ...(fixedPort !== undefined && { port: fixedPort }),
      log,
      onUnexpectedExit: (reason) => {
        log(`Postgres ended (${reason}); starting it again`);
        restarting = restart();
      },
    });
  }

  async function restart(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        postgres = await start(port);
        backoff.reset();
        log('the bundled Postgres is running again');
        return;
      } catch (error) {
        const delayMs = backoff.nextMs();
        log(`${error instanceof Error ? error.message : String(error)}; trying again in ${delayMs} ms`);
        await delay(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  return {
    url,
    async stop() {
      stopping.abort();
      await restarting;
      await postgres.stop();
    },
  };
}
