import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@onefeed/db';
import { startLocalPostgres, THROWAWAY_SETTINGS } from '@onefeed/local-postgres';

/** A cluster of this run's own, thrown away afterwards. */
export async function openDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'onefeed-chaos-'));
  // Root's Postgres runs under another account, which has to get in.
  chmodSync(folder, 0o711);
  const postgres = await startLocalPostgres({
    dataDirectory: join(folder, 'postgres'),
    settings: THROWAWAY_SETTINGS,
    log: () => {},
  });
  return {
    /** Address of a new, migrated database. */
    async create(name: string): Promise<string> {
      const url = await postgres.createDatabase(name, { fresh: true });
      await migrate(url);
      return url;
    },
    async stop(): Promise<void> {
      await postgres.stop();
      rmSync(postgres.folder, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
