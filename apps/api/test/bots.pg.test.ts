import type { Bot, CreateBot } from '@onefeed/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestUser } from './test-api.ts';

const EMA: CreateBot = {
  name: 'Trend',
  venue: 'binance',
  instruments: ['BTCUSDT'],
  strategyId: 'EMA_CROSS',
  mode: 'paper',
  stake: { type: 'fixed', amount: '100' },
  exitPlan: { stopLossPercent: 2, takeProfit: { type: 'FIXED', gainPercent: 3 } },
  risk: { maxOpenPositions: 1, cooldownSeconds: 0 },
};

let api: TestApi;
let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  api = await startTestApi();
  ann = await api.register();
  bob = await api.register();
});
afterAll(() => api.close());

const create = async (user: TestUser, change: Partial<CreateBot> = {}): Promise<Bot> => {
  const answer = await user.post('/api/bots', { ...EMA, ...change });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().bot;
};

/** A position, an order, a trade and a refusal, as the runner would have written them. */
const giveHistory = async (bot: Bot, userId: string): Promise<void> => {
  const { rows } = await api.pool.query('select shard from bots where id = $1', [bot.id]);
  const { shard } = rows[0];
  const ids = [1, 2, 3].map(() => crypto.randomUUID());
  const plan = JSON.stringify(bot.exitPlan);
  await api.pool.query(
    `insert into open_positions values ($1, $2, $3, $4, 'binance', 'BTCUSDT', 1, 1, 50, 50, 0, $5, '{}', 1000)`,
    [ids[0], userId, bot.id, shard, plan],
  );
  await api.pool.query(
    `insert into orders values ($1::uuid, $1::uuid::text, $2, $3, $4, 'signal:1', 'binance', 'BTCUSDT', 'buy', 'paper', 'filled', 1, 50, 50, 0.05, 'USDT', 1000)`,
    [ids[1], userId, bot.id, ids[0]],
  );
  await api.pool.query(
    `insert into completed_trades values ($1, $2, $3, 'binance', 'BTCUSDT', 1, 50, 60, 50, 60, 10.5, 21, 0, 'take_profit', 1000, 2000)`,
    [ids[2], userId, bot.id],
  );
  await api.pool.query(
    `insert into bot_events values ($1, (select coalesce(max(seq), 0) + 1 from bot_events where shard = $1), $2, $3, 3000,
      '{"type":"entryRefused","signalId":"9","code":"COOLDOWN","limit":"60","value":"5"}')`,
    [shard, userId, bot.id],
  );
};

describe('bots', () => {
  it('creates a stopped bot with paper money and tells the runner', async () => {
    const told: unknown[] = [];
    const subscription = api.peer.subscribe('control', {
      onEnvelope: ({ body }) => told.push(body),
      onCatchUp: () => {},
    });
    const bot = await create(ann);
    expect(bot).toMatchObject({
      state: 'stopped',
      cash: '10000',
      strategyName: 'EMA_CROSS',
      startedAt: null,
    });
    expect(bot.ruleKey).toMatch(/^[0-9a-f]{32}$/);
    const started = await ann.post(`/api/bots/${bot.id}/start`);
    expect(started.json().bot).toMatchObject({ state: 'running', startedAt: expect.any(Number) });
    const again = await ann.post(`/api/bots/${bot.id}/start`);
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'BOT_RUNNING']);
    expect((await ann.post(`/api/bots/${bot.id}/stop`)).json().bot.state).toBe('stopped');
    const notRunning = await ann.post(`/api/bots/${bot.id}/stop`);
    expect([notRunning.statusCode, notRunning.json().error.code]).toEqual([409, 'BOT_NOT_RUNNING']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.filter((body) => (body as { botId?: string }).botId === bot.id)).toHaveLength(3);
    subscription.unsubscribe();
  });

  it('gives equal rules one key, whoever writes them and however', async () => {
    const own =
      'timeframe 1m\n# mine\nentry crossover(ema(close, 9),ema(close, 21))\nexit crossunder(ema(close,9), ema(close,21))';
    const { strategyId: _, ...rest } = EMA;
    const written = (await bob.post('/api/bots', { ...rest, strategy: own })).json().bot;
    const builtIn = await create(ann);
    expect(written.strategyName).toBe('custom');
    const same = (await bob.post('/api/strategies/validate', { source: own.replace('# mine\n', '') })).json();
    expect(same.ruleKey).toBe(written.ruleKey);
    expect((await bob.post('/api/bots', { ...EMA })).json().bot.ruleKey).toBe(builtIn.ruleKey);
  });

  it('keeps one user away from everything of another (I8)', async () => {
    const bot = await create(ann, { name: 'Secret' });
    await giveHistory(bot, ann.id);
    const strategy = (
      await ann.post('/api/strategies', { name: 'Mine', source: 'timeframe 5m\nentry close > 1' })
    ).json().strategy;
    for (const what of ['positions', 'orders', 'trades', 'decisions']) {
      const mine = (await ann.get(`/api/bots/${bot.id}/${what}`)).json();
      expect(mine[what]).toHaveLength(1);
      expect((await bob.get(`/api/bots/${bot.id}/${what}`)).statusCode).toBe(404);
    }
    const refusals = await Promise.all([
      bob.get(`/api/bots/${bot.id}`),
      bob.get(`/api/bots/${bot.id}/status`),
      bob.post(`/api/bots/${bot.id}/start`),
      bob.post(`/api/bots/${bot.id}/stop`),
      bob.post(`/api/bots/${bot.id}/close-positions`),
      bob.delete(`/api/bots/${bot.id}`),
      bob.delete(`/api/strategies/${strategy.id}`),
    ]);
    expect(refusals.map((answer) => answer.json().error.code)).toEqual(refusals.map(() => 'NOT_FOUND'));
    const stolen = await bob.post('/api/bots', { ...EMA, strategyId: strategy.id });
    expect(stolen.json().error.code).toBe('UNKNOWN_STRATEGY');
    for (const list of ['bots', 'positions', 'trades', 'strategies']) {
      const text = (await bob.get(`/api/${list}?limit=200`)).body;
      expect(text).not.toContain(bot.id);
      expect(text).not.toContain(strategy.id);
    }
    expect((await ann.get('/api/positions')).json().positions).toHaveLength(1);
    expect((await ann.get('/api/trades')).json().trades[0]).toMatchObject({ botId: bot.id, profit: '10.5' });
    const status = (await ann.get(`/api/bots/${bot.id}/status`)).json();
    expect(status).toMatchObject({ openPositions: 1, completedTrades: 1, profit: '10.5', uptimeSeconds: 0 });
    expect((await ann.delete(`/api/bots/${bot.id}`)).json().error.code).toBe('POSITIONS_OPEN');
    await api.pool.query('delete from open_positions where bot_id = $1', [bot.id]);
    expect((await ann.delete(`/api/bots/${bot.id}`)).json()).toEqual({ success: true });
    expect((await ann.get(`/api/bots/${bot.id}`)).statusCode).toBe(404);
  });

  it('is started and stopped once, however fast one clicks', async () => {
    const bot = await create(ann);
    const codes = async (what: string) =>
      (await Promise.all([1, 2, 3].map(() => ann.post(`/api/bots/${bot.id}/${what}`))))
        .map((answer) => answer.statusCode)
        .sort();
    expect(await codes('start')).toEqual([200, 409, 409]);
    expect((await ann.delete(`/api/bots/${bot.id}`)).json().error.code).toBe('BOT_RUNNING');
    expect(await codes('stop')).toEqual([200, 409, 409]);
    const clicker = await api.register();
    const config = {
      strategy: 'AI_PREDICTIONS',
      risk_level: 'LOW',
      tp_strategy: 'FIXED',
      tp_config: { initial_percent: 50, step_percent: 10, step_interval: 5 },
    };
    const starts = await Promise.all([1, 2, 3].map(() => clicker.post('/api/bot/start', { config })));
    expect(starts.map((answer) => answer.statusCode).sort()).toEqual([200, 409, 409]);
    expect((await clicker.get('/api/bots')).json().bots).toHaveLength(1);
  });

  it('is not deleted under a position that the runner is just opening', async () => {
    const bot = await create(ann);
    const { rows } = await api.pool.query('select shard from bots where id = $1', [bot.id]);
    const runner = await api.pool.connect();
    await runner.query('begin');
    await runner.query(
      `insert into open_positions values (gen_random_uuid(), $1, $2, $3, 'binance', 'BTCUSDT', 1, 1, 50, 50, 0, '{}', '{}', 1000)`,
      [ann.id, bot.id, rows[0].shard],
    );
    const deleting = ann.delete(`/api/bots/${bot.id}`);
    await expect
      .poll(async () => {
        const waiting = await api.pool.query(
          `select count(*)::int as count from pg_locks join pg_stat_activity using (pid)
           where not granted and datname = current_database()`,
        );
        return waiting.rows[0].count;
      })
      .toBeGreaterThan(0);
    await runner.query('commit');
    runner.release();
    expect((await deleting).json().error.code).toBe('POSITIONS_OPEN');
    expect(
      (await ann.get('/api/positions')).json().positions.map((one: { botId: string }) => one.botId),
    ).toContain(bot.id);
    await api.pool.query('delete from open_positions where bot_id = $1', [bot.id]);
    expect((await ann.delete(`/api/bots/${bot.id}`)).statusCode).toBe(200);
  });

  it('orders the runner to close positions once, however often it is asked', async () => {
    const bot = await create(ann);
    await ann.post(`/api/bots/${bot.id}/close-positions`);
    await ann.post(`/api/bots/${bot.id}/close-positions`);
    const { rows } = await api.pool.query('select user_id, command from bot_commands where bot_id = $1', [
      bot.id,
    ]);
    expect(rows).toEqual([{ user_id: ann.id, command: 'closePositions' }]);
  });

  it('pages through lists without losing or doubling a row', async () => {
    const user = await api.register();
    const made = new Set<string>();
    for (let count = 0; count < 5; count += 1) made.add((await create(user, { name: `Bot ${count}` })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const answer = (await user.get(`/api/bots?limit=2${cursor ? `&cursor=${cursor}` : ''}`)).json();
      expect(answer.bots.length).toBeLessThanOrEqual(2);
      seen.push(...answer.bots.map((bot: Bot) => bot.id));
      cursor = answer.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(made);
    const foreign = await user.get('/api/bots?cursor=bm9uc2Vuc2U');
    expect([foreign.statusCode, foreign.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
  });

  it('lets a user have 50 bots and no more, even at once', async () => {
    const user = await api.register();
    await api.pool.query(
      `insert into bots (id, user_id, name, venue, instruments, strategy_name, strategy_source, rule_key, mode, stake,
         exit_plan, risk, state, shard, cash, initial_cash)
       select gen_random_uuid(), $1, 'b', 'binance', '{BTCUSDT}', 'x', 'x', 'x', 'paper', '{}', '{}', '{}', 'stopped', 0, 1, 1
       from generate_series(1, 49)`,
      [user.id],
    );
    const answers = await Promise.all([1, 2, 3].map(() => user.post('/api/bots', EMA)));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409]);
  });
});

describe('bad input of a bot', () => {
  const ladder = (sellPercents: number[]) => ({
    takeProfit: {
      type: 'LADDER',
      legs: sellPercents.map((sellPercent, index) => ({ gainPercent: index + 1, sellPercent })),
    },
  });
  const progressive = {
    takeProfit: { type: 'PROGRESSIVE_AFTER_MIGRATION', initialPercent: 50, stepPercent: 10, stepInterval: 5 },
  };
  const cases: [string, object, string][] = [
    ['a negative stake', { stake: { type: 'fixed', amount: '-5' } }, 'INVALID_REQUEST'],
    ['a stake of nothing', { stake: { type: 'fixed', amount: '0.00' } }, 'INVALID_REQUEST'],
    ['a stake of all and more', { stake: { type: 'percent', percent: 101 } }, 'INVALID_REQUEST'],
    ['a number as text', { stake: { type: 'percent', percent: '5' } }, 'INVALID_REQUEST'],
    ['an unknown field', { leverage: 100 }, 'INVALID_REQUEST'],
    ['an unknown field deep down', { exitPlan: { ...EMA.exitPlan, moon: true } }, 'INVALID_REQUEST'],
    ['live money', { mode: 'live' }, 'LIVE_TRADING_DISABLED'],
    ['an unknown strategy', { strategyId: 'GET_RICH' }, 'UNKNOWN_STRATEGY'],
    ['two strategies', { strategy: 'token\nentry age < 1' }, 'INVALID_REQUEST'],
    [
      'a strategy that does not compile',
      { strategyId: undefined, strategy: 'entry emma(close, 9) > 1' },
      'INVALID_STRATEGY',
    ],
    ['an unknown instrument', { instruments: ['DOGGOUSDT'] }, 'UNKNOWN_INSTRUMENT'],
    ['no instrument', { instruments: [] }, 'INVALID_REQUEST'],
    ['an unknown venue', { venue: 'mtgox' }, 'INVALID_REQUEST'],
    ['a token strategy on coins', { strategyId: 'AI_PREDICTIONS' }, 'INVALID_REQUEST'],
    ['a coin strategy on tokens', { venue: 'pumpfun' }, 'INVALID_REQUEST'],
    [
      'a token strategy with instruments',
      { strategyId: 'AI_PREDICTIONS', venue: 'pumpfun' },
      'INVALID_REQUEST',
    ],
    ['progressive exits on coins', { exitPlan: progressive }, 'INVALID_EXIT_PLAN'],
    [
      'progressive steps too fine to sell',
      {
        strategyId: 'AI_PREDICTIONS',
        venue: 'pumpfun',
        instruments: [],
        exitPlan: { takeProfit: { ...progressive.takeProfit, stepPercent: 0.0001 } },
      },
      'INVALID_EXIT_PLAN',
    ],
    [
      'a daily loss limit of nothing',
      { risk: { maxOpenPositions: 1, cooldownSeconds: 0, dailyLossLimit: '0.00' } },
      'INVALID_REQUEST',
    ],
    ['trailing without trailing', { exitPlan: { takeProfit: { type: 'TRAILING' } } }, 'INVALID_EXIT_PLAN'],
    ['a ladder over 100 %', { exitPlan: ladder([60, 50]) }, 'INVALID_EXIT_PLAN'],
  ];
  it.each(cases)('refuses %s with details and changes nothing', async (_name, change, code) => {
    const before = await api.pool.query('select count(*) from bots');
    const user = await api.register();
    const answer = await user.post('/api/bots', { ...EMA, ...change });
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, code]);
    if (code.startsWith('INVALID')) expect(answer.json().error.details.length).toBeGreaterThan(0);
    expect((await api.pool.query('select count(*) from bots')).rows).toEqual(before.rows);
  });

  it('fills in what may be left out', async () => {
    const user = await api.register();
    const bot = await create(user, {
      strategyId: 'AI_PREDICTIONS',
      venue: 'pumpfun',
      instruments: [],
      exitPlan: progressive as unknown as CreateBot['exitPlan'],
    });
    expect(bot.exitPlan.takeProfit).toMatchObject({ stepUnit: 'seconds' });
    expect(bot.cash).toBe('10');
  });

  it('accepts a ladder of thirds', async () => {
    const user = await api.register();
    await create(user, { exitPlan: ladder([33.3, 33.3, 33.4]) as unknown as CreateBot['exitPlan'] });
  });

  it('names line and column of what is wrong in a strategy', async () => {
    const answer = (
      await ann.post('/api/strategies/validate', { source: 'timeframe 5m\nentry emma(close, 9) > 1' })
    ).json();
    expect(answer).toMatchObject({
      success: true,
      valid: false,
      kind: null,
      problems: [{ line: 2, column: 7 }],
    });
    const refused = await ann.post('/api/strategies', { name: 'x', source: 'entry' });
    expect(refused.json().error).toMatchObject({ code: 'INVALID_STRATEGY', details: [{ line: 1 }] });
  });

  it('keeps strategy names of a user apart, and 100 at most', async () => {
    const user = await api.register();
    const source = 'timeframe 5m\nentry close > 1';
    expect((await user.post('/api/strategies', { name: 'One', source })).statusCode).toBe(201);
    expect((await user.post('/api/strategies', { name: 'One', source })).json().error.code).toBe(
      'NAME_TAKEN',
    );
    await api.pool.query(
      `insert into strategies (id, user_id, name, source) select gen_random_uuid(), $1, 'n' || n, $2 from generate_series(1, 99) n`,
      [user.id, source],
    );
    expect((await user.post('/api/strategies', { name: 'Last', source })).json().error.code).toBe(
      'LIMIT_REACHED',
    );
  });
});
