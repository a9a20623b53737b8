import { createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { createLeadership } from './leadership.ts';
import { describeServiceContract } from './service-contract.ts';
import { createServiceGroup } from './service-group.ts';
import { createShardLocks } from './shard-locks.ts';

let database: TestDatabase;
let admin: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** A session of theirs that is still there, or a lock. A closed one is gone from the server a moment later. */
async function sessionsRemain(): Promise<boolean> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const { rowCount } = await admin.query(
      'select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    if (rowCount === 0) return false;
    if (performance.now() > deadline) return true;
  }
}

const leadership = () =>
  createLeadership({
    databaseUrl: database.url,
    role: 'contract',
    holder: 'test',
    lead: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    onError: () => {},
  });
const shardLocks = () =>
  createShardLocks({
    databaseUrl: database.url,
    shards: 4,
    holder: 'test',
    onAcquired: () => {},
    onLost: () => {},
    onError: () => {},
  });

describeServiceContract('leadership', () => ({ service: leadership(), runs: sessionsRemain }));
describeServiceContract('shard locks', () => ({ service: shardLocks(), runs: sessionsRemain }));
describeServiceContract('service group', () => ({
  service: createServiceGroup([leadership(), shardLocks()]),
  runs: sessionsRemain,
}));
