import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createPool } from '@onefeed/db';
import { createTestDatabase, findFreePort, type TestDatabase } from '@onefeed/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLiveClient } from './live-client.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const SECRET = 'a secret of the tests, 32 characters long';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const run = (env: Record<string, string>) => {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, exited, errors: () => errors };
};

describe('the process', () => {
  it('starts, answers, tells what it measures and stops gracefully with clients connected', async () => {
    const [port, internalPort] = [await findFreePort(), await findFreePort()];
    const { child, exited, errors } = run({
      DATABASE_URL: database.url,
      PORT: String(port),
      HOST: '127.0.0.1',
      INTERNAL_PORT: String(internalPort),
      JWT_SECRET: SECRET,
      ADMIN_EMAIL: 'Boss@Example.com',
      ADMIN_PASSWORD: 'a password for the boss',
    });
    try {
      const status = async (path: string) =>
        (await fetch(`http://127.0.0.1:${internalPort}${path}`).catch(() => null))?.status ?? 0;
      await expect.poll(() => status('/readyz'), { timeout: 15_000 }).toBe(200);
      const login = await fetch(`http://127.0.0.1:${port}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'boss@example.com', password: 'a password for the boss' }),
      });
      const { user, accessToken } = (await login.json()) as { user: { role: string }; accessToken: string };
      expect(user.role).toBe('admin');
      const client = await openLiveClient(`ws://127.0.0.1:${port}/api/ws`, {
        authorization: `Bearer ${accessToken}`,
      });
      await client.subscribe('admin');
      const metrics = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
      expect(metrics).toContain('onefeed_api_sockets{kind="socket"} 1');
      expect(metrics).toContain('onefeed_api_subscriptions 1');
      expect(metrics).toMatch(
        /onefeed_api_request_duration_seconds_count\{method="POST",route="\/api\/auth\/login",status="200"\} 1/,
      );
      child.kill('SIGTERM');
      expect(await client.closed()).toBe(1012);
      // 1 when the graceful stop took longer than its deadline.
      expect(await exited).toBe(0);
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    expect(errors()).toBe('');
  });

  it('outlives a Postgres that throws everybody out, with clients connected', async () => {
    const [port, internalPort] = [await findFreePort(), await findFreePort()];
    const { child, exited, errors } = run({
      DATABASE_URL: database.url,
      PORT: String(port),
      HOST: '127.0.0.1',
      INTERNAL_PORT: String(internalPort),
      JWT_SECRET: SECRET,
    });
    const killer = createPool({ url: database.url, maxConnections: 1, applicationName: 'killer' });
    try {
      const status = async (path: string) =>
        (await fetch(`http://127.0.0.1:${internalPort}${path}`).catch(() => null))?.status ?? 0;
      await expect.poll(() => status('/readyz'), { timeout: 15_000 }).toBe(200);
      const post = (path: string, body: object, token = '') =>
        fetch(`http://127.0.0.1:${port}${path}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(token ? { authorization: `Bearer ${token}` } : {}),
          },
          body: JSON.stringify(body),
        });
      const registered = await post('/api/auth/register', {
        email: 'steady@example.com',
        password: 'a password to keep',
      });
      const { accessToken } = (await registered.json()) as { accessToken: string };
      const client = await openLiveClient(`ws://127.0.0.1:${port}/api/ws`, {
        authorization: `Bearer ${accessToken}`,
      });
      await client.subscribe('bots');
      const create = async (name: string) =>
        (
          await post(
            '/api/bots',
            {
              name,
              venue: 'binance',
              instruments: ['BTCUSDT'],
              strategyId: 'EMA_CROSS',
              mode: 'paper',
              stake: { type: 'fixed', amount: '100' },
              exitPlan: { takeProfit: { type: 'FIXED', gainPercent: 3 } },
              risk: { maxOpenPositions: 1, cooldownSeconds: 0 },
            },
            accessToken,
          )
        ).status;
      for (let round = 0; round < 4; round += 1) {
        const [, ...statuses] = await Promise.all([
          killer.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
          ),
          ...[1, 2, 3].map((one) => create(`Bot ${round}-${one}`)),
        ]);
        for (const one of statuses) expect([201, 503]).toContain(one);
      }
      await expect.poll(() => status('/readyz'), { timeout: 15_000 }).toBe(200);
      expect(await create('After')).toBe(201);
      await client.until(
        (message) => (message.data as { changed?: { name: string } })?.changed?.name === 'After',
      );
    } finally {
      await killer.end();
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    }
    expect(errors()).toBe('');
  });

  it('starts without a database, says so, and answers DEGRADED', async () => {
    const [port, internalPort, nobody] = [await findFreePort(), await findFreePort(), await findFreePort()];
    const { child, exited } = run({
      DATABASE_URL: `postgres://nobody@127.0.0.1:${nobody}/none`,
      PORT: String(port),
      HOST: '127.0.0.1',
      INTERNAL_PORT: String(internalPort),
      JWT_SECRET: SECRET,
    });
    try {
      const ask = async (url: string) => (await fetch(url).catch(() => null))?.status ?? 0;
      await expect.poll(() => ask(`http://127.0.0.1:${internalPort}/healthz`), { timeout: 15_000 }).toBe(200);
      await expect.poll(() => ask(`http://127.0.0.1:${port}/api/ws-stats`), { timeout: 15_000 }).toBe(503);
      const ready = await fetch(`http://127.0.0.1:${internalPort}/readyz`);
      expect(ready.status).toBe(503);
      expect(((await ready.json()) as { reasons: string[] }).reasons.length).toBeGreaterThan(0);
    } finally {
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    }
  });

  it('says in one line which variables are wrong and never their values', async () => {
    const { exited, errors } = run({
      DATABASE_URL: database.url,
      JWT_SECRET: 'short-secret',
      ADMIN_EMAIL: 'a@b.cd',
    });
    expect(await exited).toBe(2);
    expect(errors().trim().split('\n')).toHaveLength(1);
    expect(errors()).toContain('JWT_SECRET');
    expect(errors()).toContain('ADMIN_PASSWORD');
    expect(errors()).not.toContain('short-secret');
  });
});
