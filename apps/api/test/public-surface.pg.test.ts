import { AdminHealth, AdminStats, ERROR_CATALOGUE, LegacyBotStatus, SocketStats } from '@onefeed/contracts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './test-api.ts';

const LEGACY = {
  config: {
    strategy: 'AI_PREDICTIONS',
    risk_level: 'MEDIUM',
    tp_strategy: 'PROGRESSIVE_AFTER_MIGRATION',
    tp_config: { initial_percent: 50, step_percent: 10, step_interval: 5 },
  },
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ MAX_CAPACITY: 500 });
});
afterAll(() => api.close());

const report = (service: string, ready: boolean, figures: object, ageSeconds = 0) =>
  api.pool.query(
    `insert into service_status (service, instance, status, updated_at)
     values ($1, $1 || '-1', $2, now() - make_interval(secs => $3))
     on conflict (service, instance) do update set status = excluded.status, updated_at = excluded.updated_at`,
    [
      service,
      { service, instance: `${service}-1`, at: 0, ready, reasons: ready ? [] : ['x'], figures },
      ageSeconds,
    ],
  );

describe('the surface older clients use', () => {
  it('starts, shows and stops the one bot of a user', async () => {
    const user = await api.register();
    const none = (await user.get('/api/bot/status')).json();
    expect(none).toEqual({ success: true, running: false, bot: null });
    expect((await user.post('/api/bot/stop')).json().error.code).toBe('BOT_NOT_RUNNING');

    const started = await user.post('/api/bot/start', LEGACY);
    expect(started.statusCode, started.body).toBe(200);
    const { bot_id } = started.json();
    expect(started.json()).toEqual({ success: true, message: 'Bot started', bot_id: expect.any(String) });
    const bot = (await user.get(`/api/bots/${bot_id}`)).json().bot;
    expect(bot).toMatchObject({
      venue: 'pumpfun',
      instruments: [],
      strategyName: 'AI_PREDICTIONS',
      state: 'running',
      exitPlan: {
        takeProfit: {
          type: 'PROGRESSIVE_AFTER_MIGRATION',
          initialPercent: 50,
          stepPercent: 10,
          stepInterval: 5,
          stepUnit: 'seconds',
        },
      },
    });
    const again = await user.post('/api/bot/start', LEGACY);
    expect([again.statusCode, again.json().error]).toEqual([
      409,
      { code: 'BOT_RUNNING', message: ERROR_CATALOGUE.BOT_RUNNING.message, details: { bot_id } },
    ]);

    api.advance(5_000);
    const status = (await user.get('/api/bot/status')).json();
    expect(Value.Check(LegacyBotStatus, status)).toBe(true);
    expect(status.running).toBe(true);
    expect(status.bot).toMatchObject({ bot_id, strategy: 'AI_PREDICTIONS', open_positions: 0, profit: '0' });
    expect(status.bot.uptime_seconds).toBeGreaterThanOrEqual(5);

    expect((await user.post('/api/bot/stop')).json()).toEqual({
      success: true,
      message: 'Bot stopped',
      bot_id,
    });
    expect((await user.get('/api/bot/status')).json().running).toBe(false);
    expect((await user.post('/api/bot/start', LEGACY)).json().bot_id).toBe(bot_id);
    await user.post('/api/bot/stop');
    const bolder = { config: { ...LEGACY.config, risk_level: 'HIGH' } };
    expect((await user.post('/api/bot/start', bolder)).json().bot_id).not.toBe(bot_id);
    expect((await user.get('/api/bots')).json().bots).toHaveLength(2);
  });

  it('trades candles on the always-on instruments', async () => {
    const user = await api.register();
    const config = { ...LEGACY.config, strategy: 'EMA_CROSS', tp_strategy: 'TRAILING' };
    const { bot_id } = (await user.post('/api/bot/start', { config })).json();
    expect((await user.get(`/api/bots/${bot_id}`)).json().bot).toMatchObject({
      venue: 'binance',
      instruments: ['BTCUSDT'],
      exitPlan: { takeProfit: { type: 'TRAILING' }, trailing: { activatePercent: 50, distancePercent: 10 } },
    });
  });

  it.each([
    ['an unknown strategy', { strategy: 'NOPE' }, 'UNKNOWN_STRATEGY'],
    ['progressive exits for candles', { strategy: 'EMA_CROSS' }, 'INVALID_EXIT_PLAN'],
    ['an unknown risk level', { risk_level: 'YOLO' }, 'INVALID_REQUEST'],
    [
      'a negative percent',
      { tp_config: { initial_percent: -1, step_percent: 1, step_interval: 1 } },
      'INVALID_REQUEST',
    ],
    ['an unknown field', { x: 1 }, 'INVALID_REQUEST'],
  ])('refuses %s', async (_name, change, code) => {
    const user = await api.register();
    const answer = await user.post('/api/bot/start', { config: { ...LEGACY.config, ...change } });
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, code]);
    expect((await user.get('/api/bot/status')).json().bot).toBeNull();
  });

  it('shows totals to everybody and bots to administrators', async () => {
    await report('feed-gateway', true, { upstreamConnections: 1, framesTotal: 7 });
    await report('analysis-engine', true, { rules: 3 });
    api.advance(1_500);
    const user = await api.register();
    const { bot_id } = (await user.post('/api/bot/start', LEGACY)).json();
    api.advance(1_500);
    const open = (await api.app.http.inject('/api/admin/stats')).json();
    expect(Value.Check(AdminStats, open)).toBe(true);
    expect(open.stats).toMatchObject({
      architecture: 'OPTIMIZED_CENTRALIZED',
      max_capacity: 500,
      feed_stats: { upstreamConnections: 1, framesTotal: 7 },
      engine_stats: { rules: 3 },
      bots: [],
    });
    expect(open.stats.active_bots).toBeGreaterThanOrEqual(1);
    expect((await user.get('/api/admin/stats')).json().stats.bots).toEqual([]);
    const admin = await api.admin();
    const full = (await admin.get('/api/admin/stats')).json();
    expect(Value.Check(AdminStats, full)).toBe(true);
    expect(full.stats.bots).toHaveLength(full.stats.active_bots);
    expect(full.stats.bots).toContainEqual({
      bot_id,
      user_id: user.id,
      strategy: 'AI_PREDICTIONS',
      uptime_seconds: expect.any(Number),
      signals_received: 0,
    });
  });

  it('tells health: 200 running, 503 degraded when a process is silent or not ready', async () => {
    for (const service of ['feed-gateway', 'analysis-engine', 'bot-runner']) await report(service, true, {});
    const ask = async () => {
      api.advance(1_500);
      const answer = await api.app.http.inject('/api/admin/health');
      expect(Value.Check(AdminHealth, answer.json())).toBe(true);
      const { active_bots: _, ...rest } = answer.json();
      return [answer.statusCode, rest];
    };
    expect(await ask()).toEqual([200, { success: true, status: 'running' }]);
    await report('bot-runner', true, {}, 11);
    expect(await ask()).toEqual([503, { success: false, status: 'degraded' }]);
    await report('bot-runner', false, {});
    expect(await ask()).toEqual([503, { success: false, status: 'degraded' }]);
    await report('bot-runner', true, {});
    expect(await ask()).toEqual([200, { success: true, status: 'running' }]);
  });

  it('tells health in the same shape when nothing can be read', async () => {
    const lost = await startTestApi();
    await lost.pool.query('alter table service_status rename to service_status_away');
    const answer = await lost.app.http.inject('/api/admin/health');
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { success: false, status: 'degraded', active_bots: 0 },
    ]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await lost.close();
  });

  it('shows stream statistics of nobody', async () => {
    const stats = (await api.app.http.inject('/api/ws-stats')).json();
    expect(Value.Check(SocketStats, stats)).toBe(true);
    expect(stats.summary).toMatchObject({
      activeSessions: 0,
      totalSubscriptions: 0,
      efficiency: '0.0% reduction in connections',
      savings: '0 connections saved',
    });
  });
});
