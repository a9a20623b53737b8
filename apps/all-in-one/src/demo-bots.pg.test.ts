import { createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseAdminLogin } from './admin-login.ts';
import { addDemoBots, planDemoBots } from './demo-bots.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const rows = async (text: string): Promise<Record<string, unknown>[]> => (await client.query(text)).rows;
const add = (count: number) => addDemoBots({ databaseUrl: database.url, count, log: () => {} });

test('bots share few rules, each has its own owner and id, the same ones every time', () => {
  const bots = planDemoBots(200);
  expect(new Set(bots.map(({ ruleKey }) => ruleKey)).size).toBe(3);
  expect(new Set(bots.map(({ id }) => id)).size).toBe(200);
  expect(new Set(bots.map(({ userId }) => userId)).size).toBe(200);
  expect(new Set(bots.map(({ venue }) => venue))).toEqual(new Set(['binance', 'pumpfun']));
  expect(planDemoBots(200)).toEqual(bots);
});

test('200 run after the first start; a second one adds the missing and leaves money alone', async () => {
  await add(200);
  const running =
    "select count(*)::int as bots, count(distinct user_id)::int as users from bots where state = 'running'";
  expect(await rows(running)).toEqual([{ bots: 200, users: 200 }]);
  const [first] = planDemoBots(1);
  await client.query("update bots set cash = 1.5, state = 'stopped' where id = $1", [first?.id]);
  await add(210);
  expect(await rows(running)).toEqual([{ bots: 210, users: 210 }]);
  expect((await client.query('select cash, state from bots where id = $1', [first?.id])).rows).toEqual([
    { cash: '1.5', state: 'running' },
  ]);
});

test('nobody can log in as a demo user', async () => {
  await add(1);
  expect(await rows("select distinct password_hash, role from users where email like 'demo-%'")).toEqual([
    { password_hash: '!', role: 'user' },
  ]);
});

test('a login is generated while there is no admin, and never replaces one', async () => {
  const generated = await chooseAdminLogin(undefined, database.url);
  expect(generated).toMatchObject({ email: 'admin@onefeed.local', generated: true });
  expect(generated?.password).toMatch(/^[\w-]{20}$/);
  const chosen = { email: 'me@example.com', password: 'long enough' };
  expect(await chooseAdminLogin(chosen, database.url)).toEqual({ ...chosen, generated: false });
  await client.query(
    "insert into users (id, email, password_hash, role) values ('00000000-0000-4000-8000-000000000001', 'a@b.c', 'x', 'admin')",
  );
  expect(await chooseAdminLogin(undefined, database.url)).toBeUndefined();
});
