import { buildBot, createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../pool.ts';
import { createRulesRepository } from './rules.ts';

const USER = '00000000-0000-4000-8000-000000000001';
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, maxConnections: 2, applicationName: 'test' });
  await pool.query("insert into users (id, email, password_hash) values ($1, 'a@example.com', '')", [USER]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function addBot(number: number, ruleKey: string, state: 'running' | 'stopped'): Promise<string> {
  const bot = buildBot({ id: `00000000-0000-4000-8000-00000000010${number}` });
  await pool.query(
    `insert into bots (id, user_id, name, venue, instruments, strategy_name, strategy_source, rule_key, mode, stake,
       exit_plan, risk, state, shard, cash, initial_cash)
     values ($1, $2, 'b', 'binance', '{BTCUSDT}', 'custom', $3, $4, 'paper', '{}', '{}', '{}', $5, 0, 1, 1)`,
    [bot.id, USER, `source of ${ruleKey}`, ruleKey, state],
  );
  return bot.id;
}

test('rules of running bots, and of stopped ones that still hold something, each once', async () => {
  await addBot(1, 'shared', 'running');
  await addBot(2, 'shared', 'running');
  await addBot(3, 'over', 'stopped');
  const holding = await addBot(4, 'held', 'stopped');
  await pool.query(
    `insert into open_positions (id, user_id, bot_id, shard, venue, instrument, quantity, original_quantity,
       entry_price, cost, proceeds, exit_plan, exit_state, opened_at_ms)
     values (gen_random_uuid(), $1, $2, 0, 'binance', 'BTCUSDT', 1, 1, 1, 1, 0, '{}', '{}', 1)`,
    [USER, holding],
  );
  expect(await createRulesRepository(pool).active()).toEqual([
    { ruleKey: 'held', source: 'source of held', venue: 'binance', instrument: 'BTCUSDT' },
    { ruleKey: 'shared', source: 'source of shared', venue: 'binance', instrument: 'BTCUSDT' },
  ]);
});
