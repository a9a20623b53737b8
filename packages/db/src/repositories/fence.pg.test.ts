import { createTestDatabase } from '@onefeed/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool, type Pool } from '../pool.ts';
import { type Fence, FencedOutError, withFence } from './fence.ts';

const FENCE: Fence = { role: 'writer', epoch: 1 };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let other: Pool;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, maxConnections: 2, applicationName: 'fenced' });
  other = createPool({ url: database.url, maxConnections: 2, applicationName: 'other' });
  await other.query("insert into leader_epochs (role, epoch, holder) values ('writer', 1, 'a')");
});
afterEach(async () => {
  await pool.end();
  await other.end();
  await database.drop();
});

const raise = () => other.query("update leader_epochs set epoch = 2, holder = 'b' where role = 'writer'");

test('a transaction of a term that is over is refused', async () => {
  await raise();
  await expect(withFence(pool, FENCE, async () => 'written')).rejects.toThrow(FencedOutError);
});

test('a connection that the server ends within a transaction is an error of the call, not of the process', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('uncaughtException', note);
  try {
    const call = withFence(pool, FENCE, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended;
      await client.query('select 1');
    });
    await expect(call).rejects.toThrow();
    expect(unhandled).toEqual([]);
    expect(await withFence(pool, FENCE, async () => 'written')).toBe('written');
  } finally {
    process.off('uncaughtException', note);
  }
});

test('a writer that froze within a transaction does not keep its successor from taking over within 10 s', {
  timeout: 30_000,
}, async () => {
  const begun = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  const frozen = withFence(pool, FENCE, async (client) => {
    begun.resolve();
    await thawed.promise;
    await client.query('select 1');
  });
  frozen.catch(() => {});
  await begun.promise;
  // The server cuts the statement before it would have waited longer than a successor may.
  const client = await other.connect();
  try {
    await client.query('set statement_timeout = 9000');
    await client.query("update leader_epochs set epoch = 2, holder = 'b' where role = 'writer'");
  } finally {
    client.release(true);
    thawed.resolve();
  }
  await expect(frozen).rejects.toThrow();
});
