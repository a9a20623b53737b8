import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BundledDatabase {
  url: string;
  /** Of the Postgres that runs now. */
  processId(): number;
}

/** The database that a start without DATABASE_URL keeps in its folder, as its files tell. */
export function findBundledDatabase(home: string, databaseName: string): BundledDatabase {
  // Lines of postmaster.pid: 1 process id, 4 port.
  const line = (number: number) =>
    Number(readFileSync(join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[number - 1]);
  const password = readFileSync(join(home, 'postgres/password'), 'utf8').trim();
  return {
    url: `postgres://onefeed:${password}@127.0.0.1:${line(4)}/${databaseName}`,
    processId: () => line(1),
  };
}
