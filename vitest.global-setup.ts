import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from './packages/db/src/index.ts';
import {
  type LocalPostgres,
  startLocalPostgres,
  THROWAWAY_SETTINGS,
} from './packages/local-postgres/src/index.ts';
import { ADMIN_URL_KEY, TEMPLATE_DATABASE } from './packages/testkit/src/index.ts';

/** One cluster for the run, with a migrated template that every test database is a copy of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'onefeed-test-'));
  // Root's Postgres runs under another account, which has to get in.
  chmodSync(folder, 0o711);
  let postgres: LocalPostgres | undefined;
  const remove = async () => {
    await postgres?.stop();
    if (postgres !== undefined) rmSync(postgres.folder, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    postgres = await startLocalPostgres({
      dataDirectory: join(folder, 'postgres'),
      settings: THROWAWAY_SETTINGS,
      log: () => {},
    });
    await migrate(await postgres.createDatabase(TEMPLATE_DATABASE));
  } catch (error) {
    await remove();
    throw error;
  }
  project.provide(ADMIN_URL_KEY as never, postgres.url('postgres') as never);
  return remove;
}
