import { createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from './database.ts';
import { createPool, type Pool } from './pool.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, maxConnections: 1, applicationName: 'database-test' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a transaction', () => {
  it('gives its connection back when it could not even begin', async () => {
    const db = createDatabase(pool);
    // The connection breaks between being handed out and its first statement, as when Postgres restarts.
    pool.once('acquire', (client) => {
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    });
    await expect(db.transaction(async () => 'never')).rejects.toThrow();
    // The pool has one place: were it not given back, this would wait in vain.
    expect(await db.transaction(async (tx) => (await tx.execute(sql`select 1 as one`)).rows)).toEqual([
      { one: 1 },
    ]);
    expect(pool.totalCount).toBe(1);
  });

  it('undoes everything when its work fails, and says why it failed', async () => {
    const db = createDatabase(pool);
    await db.execute(sql`create table kept (n int)`);
    const failing = db.transaction(async (tx) => {
      await tx.execute(sql`insert into kept values (1)`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await db.execute(sql`select * from kept`)).rows).toEqual([]);
    expect(pool.totalCount).toBe(1);
  });
});
