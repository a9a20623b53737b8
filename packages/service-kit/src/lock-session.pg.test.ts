import { createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepLockSession, type LockSession } from './lock-session.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Three sessions in which `use` runs; gives how often the backoff began anew. */
async function resetsIn(use: (session: LockSession, works: () => void) => Promise<void>): Promise<number> {
  const stopping = new AbortController();
  let tries = 0;
  let resets = 0;
  await keepLockSession({
    databaseUrl: database.url,
    applicationName: 'test',
    stopping: stopping.signal,
    backoff: {
      nextMs() {
        tries += 1;
        if (tries === 3) stopping.abort();
        return 0;
      },
      reset() {
        resets += 1;
      },
    },
    use,
    onError: () => {},
  });
  return resets;
}

test('a server that lets us in but not work is asked ever more rarely', async () => {
  expect(await resetsIn((session) => session.query('select * from no_such_table', []).then(() => {}))).toBe(
    0,
  );
});

test('after a session that worked the first try comes soon', async () => {
  const resets = await resetsIn(async (_session, works) => {
    works();
    throw new Error('lost');
  });
  expect(resets).toBe(3);
});
