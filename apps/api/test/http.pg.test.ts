import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HTTPMethods } from 'fastify';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installAccessGuard } from '../src/http/access.ts';
import { startTestApi, type TestApi, type TestUser } from './test-api.ts';

let api: TestApi;
let user: TestUser;
const dist = mkdtempSync(join(tmpdir(), 'web-dist-'));
beforeAll(async () => {
  mkdirSync(join(dist, 'assets'));
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>onefeed</title>');
  writeFileSync(join(dist, 'assets', 'app-1a2b3c.js'), 'export {}');
  writeFileSync(join(dist, 'secret.env'), 'x');
  api = await startTestApi({ WEB_DIST: dist });
  user = await api.register();
});
afterAll(async () => {
  await api.close();
  rmSync(dist, { recursive: true });
});

const inject = (method: string, url: string, headers: Record<string, string> = {}) =>
  api.app.http.inject({ method: method as 'GET', url, headers });
const filled = (url: string): string =>
  url.replace(':id', crypto.randomUUID()).replace(/:\w+/, 'x').replace('*', 'x');

describe('access (I8)', () => {
  /** Whoever opens a route to everybody writes it here. */
  const PUBLIC = [
    'GET /',
    'GET /:file',
    'GET /admin',
    'GET /admin/ws-stats',
    'GET /api/admin/health',
    'GET /api/admin/stats',
    'GET /api/candles',
    'GET /api/catalog',
    'GET /api/tokens',
    'GET /api/trading-shared',
    'GET /api/ws-stats',
    'GET /assets/*',
    'GET /bot',
    'POST /api/auth/login',
    'POST /api/auth/logout',
    'POST /api/auth/refresh',
    'POST /api/auth/register',
  ];

  it('is open only where it is meant to be', () => {
    const open = api.app
      .routes()
      .filter(
        (route) => route.access === 'public' && route.method !== 'HEAD' && !route.url.startsWith('/docs'),
      )
      .map((route) => `${route.method} ${route.url}`);
    expect(open.sort()).toEqual(PUBLIC);
  });

  it('is closed to strangers, and to users where only operators may go', async () => {
    const closed = api.app.routes().filter((route) => route.access !== 'public');
    expect(closed.length).toBeGreaterThan(30);
    for (const { method, url, access } of closed) {
      const name = `${method} ${url}`;
      expect((await inject(method, filled(url))).statusCode, name).toBe(401);
      if (access !== 'admin') continue;
      const answer = await inject(method, filled(url), { authorization: `Bearer ${user.token}` });
      expect(answer.statusCode, name).toBe(403);
      if (method !== 'HEAD') expect(answer.json().error.code, name).toBe('FORBIDDEN');
    }
  });

  it('does not let an application start with an undeclared route', async () => {
    const careless = Fastify();
    installAccessGuard(careless, {
      tokens: { issue: () => '', verify: () => ({ userId: '', role: 'user', expiresAt: 0 }) },
      tickets: { issue: () => '', redeem: () => null },
    });
    careless.get('/api/forgotten', () => 'secret');
    await expect(careless.ready()).rejects.toThrow('GET /api/forgotten');
    await careless.close();
  });
});

describe('bad input', () => {
  const post = (payload: string, type = 'application/json') =>
    api.app.http.inject({
      method: 'POST',
      url: '/api/strategies/validate',
      payload,
      headers: { 'content-type': type, authorization: `Bearer ${user.token}` },
    });

  it.each([
    ['text that is not JSON', '{"source": ', 'application/json', 400, 'INVALID_REQUEST'],
    ['nothing', '', 'application/json', 400, 'INVALID_REQUEST'],
    ['a list', '[]', 'application/json', 400, 'INVALID_REQUEST'],
    ['an unknown field', '{"source":"a","x":1}', 'application/json', 400, 'INVALID_REQUEST'],
    ['a prototype', '{"__proto__":{"source":"a"}}', 'application/json', 400, 'INVALID_REQUEST'],
    ['a form', 'source=a', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', 'hello', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a megabyte',
      JSON.stringify({ source: 'x'.repeat(1_000_000) }),
      'application/json',
      413,
      'BODY_TOO_LARGE',
    ],
  ])('answers %s with its code', async (_name, payload, type, status, code) => {
    const answer = await post(payload, type);
    expect([answer.statusCode, answer.json().success, answer.json().error.code]).toEqual([
      status,
      false,
      code,
    ]);
  });

  it('names unknown fields and does not repeat values', async () => {
    const { details } = (await post('{"source":"a","sorce":"hunter2"}')).json().error;
    expect(JSON.stringify(details)).toContain('sorce');
    expect(JSON.stringify(details)).not.toContain('hunter2');
  });

  it('answers 404 in JSON for what is not there', async () => {
    for (const [method, url] of [
      ['GET', '/api/nothing'],
      ['PUT', '/api/bots'],
      ['GET', '/nothing/here'],
    ] as [HTTPMethods, string][]) {
      const answer = await inject(String(method), url);
      expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'what=1', 'limit=1&limit=2'])(
    'refuses the query %s',
    async (query) => {
      const answer = await user.get(`/api/bots?${query}`);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
    },
  );

  it.each(['/api/bots/1', "/api/bots/'; drop table bots; --", '/api/signals/99999999999999999999'])(
    'refuses the address %s',
    async (url) => {
      expect((await user.get(encodeURI(url))).statusCode).toBe(400);
    },
  );
});

describe('limits', () => {
  it('answers 429 past 100 changes a minute of one user, and not of another', async () => {
    const busy = await api.register();
    const other = await api.register();
    const change = (who: TestUser) => who.post('/api/strategies/validate', { source: 'x' });
    for (let count = 0; count < 100; count += 1) expect((await change(busy)).statusCode).toBe(200);
    const refused = await change(busy);
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await busy.get('/api/bots')).statusCode).toBe(200);
    expect((await change(other)).statusCode).toBe(200);
  });
});

describe('pages and documents', () => {
  it('serves the web app: pages fresh, hashed assets for ever', async () => {
    for (const page of ['/', '/bot', '/admin', '/admin/ws-stats']) {
      const answer = await inject('GET', page);
      expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ]);
    }
    const asset = await inject('GET', '/assets/app-1a2b3c.js');
    expect([asset.statusCode, asset.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect((await inject('GET', '/secret.env')).statusCode).toBe(404);
    expect((await inject('GET', '/assets/..%2fsecret.env')).statusCode).not.toBe(200);
  });

  it('sends headers that keep other pages and scripts out', async () => {
    const { headers } = await inject('GET', '/bot');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('says how to build the web app when it is not built', async () => {
    const bare = await startTestApi();
    const page = await bare.app.http.inject('/bot');
    expect([page.statusCode, page.body.includes('npx turbo run build')]).toEqual([503, true]);
    await bare.close();
  });

  it('describes itself as OpenAPI 3.1', async () => {
    const document = (await inject('GET', '/docs/json')).json();
    expect(document.openapi).toBe('3.1.0');
    const described = api.app
      .routes()
      .filter(({ url, method }) => url.startsWith('/api/') && method !== 'HEAD' && url !== '/api/ws')
      .map(({ url, method }) => `${method.toLowerCase()} ${url.replace(/:(\w+)/g, '{$1}')}`);
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    );
    expect(documented.filter((one) => !one.startsWith('head')).sort()).toEqual(described.sort());
    expect(document.paths['/api/bots'].post.security).toEqual([{ accessToken: [] }]);
    expect((await inject('GET', '/docs')).statusCode).toBeLessThan(400);
  });
});

describe('operators', () => {
  it('see users, bots, rules, feeds and the audit log', async () => {
    const admin = await api.admin();
    await user.post('/api/bots', {
      name: 'Seen',
      venue: 'binance',
      instruments: ['BTCUSDT'],
      strategyId: 'EMA_CROSS',
      mode: 'paper',
      stake: { type: 'fixed', amount: '77.77' },
      exitPlan: { takeProfit: { type: 'FIXED', gainPercent: 3 } },
      risk: { maxOpenPositions: 1, cooldownSeconds: 0 },
    });
    const { users } = (await admin.get('/api/admin/users?limit=200')).json();
    expect(users.find((one: { id: string }) => one.id === user.id)).toMatchObject({
      email: user.email,
      bots: 1,
    });
    const bots = await admin.get('/api/admin/bots');
    expect(bots.json().bots[0]).toMatchObject({ name: 'Seen', email: user.email, strategyName: 'EMA_CROSS' });
    expect(bots.body).not.toContain('77.77');
    expect((await admin.get('/api/admin/feeds')).json()).toMatchObject({ success: true, demand: [] });
    expect((await admin.get('/api/admin/engine')).json()).toMatchObject({ success: true, rules: [] });
    expect((await admin.get('/api/admin/overview')).json().overview.users).toBeGreaterThan(1);
  });

  it('flip the kill switch, which everybody is told of and the log keeps', async () => {
    const admin = await api.admin();
    const told: unknown[] = [];
    api.peer.subscribe('control', { onEnvelope: ({ body }) => told.push(body), onCatchUp: () => {} });
    const answer = await admin.post('/api/admin/kill-switch', { entries: true, everything: false });
    expect(answer.json()).toEqual({ success: true, killSwitch: { entries: true, everything: false } });
    expect(await api.repositories.killSwitch.get()).toEqual({ entries: true, everything: false });
    await expect.poll(() => told).toContainEqual({ type: 'settingsChanged' });
    const { entries } = (await admin.get('/api/admin/audit?limit=1')).json();
    expect(entries[0]).toMatchObject({
      action: 'platform.kill_switch',
      userId: admin.id,
      detail: { entries: true },
    });
    expect(
      (await admin.post('/api/admin/kill-switch', { entries: 'yes', everything: false })).statusCode,
    ).toBe(400);
  });
});
