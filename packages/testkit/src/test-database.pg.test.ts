import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database.ts';

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('each database is migrated and its own', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await query(one.url, "insert into platform_settings (name, value) values ('killSwitch', '{}')");
    expect(await query(one.url, 'select name from platform_settings')).toEqual([{ name: 'killSwitch' }]);
    expect(await query(two.url, 'select name from platform_settings')).toEqual([]);
  } finally {
    await Promise.all([one.drop(), two.drop()]);
  }
});

test('dropping cuts open connections and the database is gone', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  const cut = new Promise<Error>((resolve) => client.on('error', resolve));
  await client.connect();
  await database.drop();
  expect((await cut).message).toMatch(/terminat/);
  await expect(query(database.url, 'select 1')).rejects.toThrow(/does not exist/);
});
