import { Writable } from 'node:stream';
import type { Session } from '@onefeed/contracts';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startTestApi, type TestApi, type TestUser } from './test-api.ts';

let api: TestApi;
let user: TestUser;
const log: string[] = [];
const logger = pino(
  { level: 'info' },
  new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  }),
);
beforeAll(async () => {
  api = await startTestApi({}, logger);
  user = await api.register();
});
afterAll(() => api.close());

const inject = (method: string, url: string, payload?: object, headers: Record<string, string> = {}) =>
  api.app.http.inject({ method: method as 'GET', url, headers, ...(payload ? { payload } : {}) });
const cursor = (text: string): string => Buffer.from(text).toString('base64url');

describe('cursors of somebody elses making', () => {
  it.each([
    ['/api/bots', '9999-99-99|00000000-0000-0000-0000-000000000000'],
    ['/api/bots', '2026-02-30 00:00:00+00|00000000-0000-0000-0000-000000000000'],
    ['/api/bots', '2026-01-01 00:00:00+00|abc'],
    ['/api/strategies', '1|1'],
    ['/api/positions', '2026-01-01|00000000-0000-0000-0000-000000000000'],
    ['/api/trades', '99999999999999999999|00000000-0000-0000-0000-000000000000'],
    ['/api/signals', '0|-'],
    ['/api/signals', '0|abc'],
    ['/api/tokens', '..|0'],
  ])('are refused by %s: %s', async (url, text) => {
    const answer = await user.get(`${url}?cursor=${cursor(text)}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

describe('texts that Postgres cannot hold', () => {
  it('are refused, not stumbled over', async () => {
    const registered = await inject('POST', '/api/auth/register', {
      email: 'a\u0000@example.com',
      password: PASSWORD,
    });
    expect([registered.statusCode, registered.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
    const named = await user.post('/api/strategies', {
      name: 'a\u0000b',
      source: 'timeframe 1m\nentry close > 1',
    });
    expect([named.statusCode, named.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

describe('strategy texts made to hurt', () => {
  it.each([
    ['parentheses', `timeframe 1m\nentry ${'('.repeat(8_000)}`],
    ['closed parentheses', `timeframe 1m\nentry ${'('.repeat(4_000)}1${')'.repeat(4_000)} > 1`],
    ['negations', `timeframe 1m\nentry ${'not '.repeat(2_000)}close > 1`],
    ['minuses', `timeframe 1m\nentry close > ${'-'.repeat(8_000)}1`],
    ['a long sum', `timeframe 1m\nentry close > ${'1+'.repeat(4_000)}1`],
    ['names', `timeframe 1m\nentry ${'__proto__(constructor) > '.repeat(300)}1`],
    ['a huge period', 'timeframe 1m\nentry ema(close, 99999999999999999999) > 1'],
  ])('are answered: %s', async (_name, source) => {
    const answer = await user.post('/api/strategies/validate', { source: source.slice(0, 8_192) });
    expect([answer.statusCode, answer.json().valid]).toEqual([200, false]);
  });

  it('deep JSON is a bad request', async () => {
    const answer = await api.app.http.inject({
      method: 'POST',
      url: '/api/strategies/validate',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      payload: `{"source":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    });
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

describe('addresses made to hurt', () => {
  it.each(['/%E0%A4%A', '/api/bots/%', '/assets/%2e%2e/%2e%2e/package.json', `/api/bots/${'a'.repeat(500)}`])(
    'are refused in the one form of refusals: %s',
    async (url) => {
      const answer = await inject('GET', url, undefined, { authorization: `Bearer ${user.token}` });
      expect(answer.json()).toMatchObject({ success: false, error: { code: expect.any(String) } });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
    },
  );

  it('answers a socket route asked without an upgrade', async () => {
    const answer = await inject('GET', '/api/ws', undefined, { authorization: `Bearer ${user.token}` });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.json().success).toBe(false);
  });
});

describe('an expired access token', () => {
  it('does not stand in the way of a new one, a login or a logout', async () => {
    const login = await inject('POST', '/api/auth/register', {
      email: 'late@example.com',
      password: PASSWORD,
    });
    const { user: who } = login.json<Session>();
    const expired = api.app.http.jwt.sign({
      sub: who.id,
      role: 'user',
      exp: Math.floor(Date.now() / 1_000) - 60,
    });
    const cookies = Object.fromEntries(login.cookies.map(({ name, value }) => [name, value]));
    const ask = (path: string, payload: object = {}) =>
      api.app.http.inject({
        method: 'POST',
        url: `/api/auth/${path}`,
        payload,
        cookies,
        headers: { authorization: `Bearer ${expired}` },
      });
    expect((await ask('refresh')).statusCode).toBe(200);
    expect((await ask('login', { email: 'late@example.com', password: PASSWORD })).statusCode).toBe(200);
    expect((await ask('logout')).statusCode).toBe(200);
  });
});

describe('a token of an account that is gone', () => {
  it('is no account, whatever it is used for', async () => {
    const token = api.app.http.jwt.sign({ role: 'user' }, { sub: crypto.randomUUID(), expiresIn: 60 });
    const nobody = api.as(token);
    const answers = [
      await nobody.get('/api/me'),
      await nobody.post('/api/strategies', { name: 'Lost', source: 'timeframe 1m\nentry close > 1' }),
    ];
    expect(answers.map((answer) => [answer.statusCode, answer.json().error.code])).toEqual(
      answers.map(() => [401, 'UNAUTHENTICATED']),
    );
  });
});

describe('routes that live by a cookie', () => {
  it('are closed to pages of other origins, null included', async () => {
    const headers = { host: 'onefeed.example' };
    for (const origin of ['https://evil.example', 'null', 'https://onefeed.example:8443']) {
      for (const path of ['refresh', 'logout', 'login', 'register']) {
        const payload =
          path === 'refresh' || path === 'logout' ? {} : { email: 'c@d.ef', password: PASSWORD };
        const answer = await inject('POST', `/api/auth/${path}`, payload, { ...headers, origin });
        expect([answer.statusCode, answer.json().error.code], `${path} from ${origin}`).toEqual([
          403,
          'ORIGIN_REFUSED',
        ]);
      }
    }
    const own = await inject(
      'POST',
      '/api/auth/logout',
      {},
      { ...headers, origin: 'https://onefeed.example' },
    );
    expect(own.statusCode).toBe(200);
  });
});

describe('addresses of callers', () => {
  const guess = (app: TestApi, forwarded: string) =>
    app.app.http.inject({
      method: 'POST',
      url: '/api/auth/login',
      payload: { email: 'guess@example.com', password: 'wrong password' },
      headers: { 'x-forwarded-for': forwarded },
    });

  it('cannot be made up to evade limits, with a proxy in front or without', async () => {
    const proxied = await startTestApi({ TRUST_PROXY: true });
    for (const [app, tail] of [
      [api, ''],
      [proxied, ', 203.0.113.9'],
    ] as const) {
      for (let count = 0; count < 10; count += 1) {
        expect((await guess(app, `198.51.100.${count}${tail}`)).statusCode).toBe(401);
      }
      expect((await guess(app, `198.51.100.200${tail}`)).statusCode).toBe(429);
    }
    await proxied.close();
  });
});

describe('logs', () => {
  it('hold no values of queries that failed', async () => {
    await api.pool.query('alter table users rename to users_away');
    const answer = await inject('POST', '/api/auth/register', {
      email: 'private@example.com',
      password: PASSWORD,
    });
    await api.pool.query('alter table users_away rename to users');
    expect(answer.json()).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(answer.body).not.toContain('users');
    const text = log.join('');
    expect(text).toContain('request failed');
    expect(text).not.toContain('argon2');
    expect(text).not.toContain('private@example.com');
    expect(text).not.toContain(PASSWORD);
  });
});

describe('a full platform', () => {
  it('starts no further bot, and says when to come back', async () => {
    const full = await startTestApi({ MAX_CAPACITY: 1 });
    const owner = await full.register();
    const config = {
      strategy: 'AI_PREDICTIONS',
      risk_level: 'LOW',
      tp_strategy: 'FIXED',
      tp_config: { initial_percent: 50, step_percent: 10, step_interval: 5 },
    };
    const first = await owner.post('/api/bot/start', { config });
    expect(first.statusCode, first.body).toBe(200);
    full.advance(1_500);
    const other = await full.register();
    const legacy = await other.post('/api/bot/start', { config });
    expect([legacy.statusCode, legacy.json().error.code]).toEqual([503, 'OVERLOADED']);
    expect(Number(legacy.headers['retry-after'])).toBeGreaterThan(0);
    expect((await other.get('/api/bot/status')).json().bot).toBeNull();
    const made = await other.post('/api/bots', {
      name: 'One too many',
      venue: 'binance',
      instruments: ['BTCUSDT'],
      strategyId: 'EMA_CROSS',
      mode: 'paper',
      stake: { type: 'fixed', amount: '100' },
      exitPlan: { takeProfit: { type: 'FIXED', gainPercent: 3 } },
      risk: { maxOpenPositions: 1, cooldownSeconds: 0 },
    });
    const refused = await other.post(`/api/bots/${made.json().bot.id}/start`);
    expect([refused.statusCode, refused.json().error.code]).toEqual([503, 'OVERLOADED']);
    await owner.post('/api/bot/stop');
    full.advance(1_500);
    expect((await other.post(`/api/bots/${made.json().bot.id}/start`)).statusCode).toBe(200);
    await full.close();
  });
});
