import { describe, expect, it, vi } from 'vitest';
import { startSimulator } from '../testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const rpc = (method: string, params: unknown[] = []) => ({ jsonrpc: '2.0', id: 1, method, params });

describe('REST answers that fail', () => {
  it('carry the Retry-After that was asked for', async () => {
    const { post, get } = await startSimulator();
    await post('/sim/rest', { statuses: [429, 418, 500], retryAfterSeconds: 3 });
    const limited = await get('/api/v3/time');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    expect(limited.body).toMatchObject({ code: -1003 });
    const banned = await get('/api/v3/time');
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '3']);
    expect((banned.body as { msg: string }).msg).toMatch(/IP banned until \d{13}\./);
    const broken = await get('/api/v3/time');
    expect([broken.status, broken.headers.get('retry-after')]).toEqual([500, null]);
    expect((await get('/api/v3/time')).status).toBe(200);
  });

  it('go on through a ban, which ends by itself and remembers who did not wait', async () => {
    const { post, get } = await startSimulator();
    await post('/sim/ban', { status: 418, seconds: 1.2 });
    const statuses: number[] = [];
    const waits: number[] = [];
    await vi.waitUntil(
      async () => {
        const { status, headers } = await get('/api/v3/time');
        statuses.push(status);
        waits.push(Number(headers.get('retry-after')));
        return status === 200;
      },
      { interval: 50, timeout: 10_000 },
    );
    expect(new Set(statuses)).toEqual(new Set([418, 200]));
    expect(waits[0]).toBe(2);
    expect((await get('/sim/state')).body).toMatchObject({
      violationKinds: { 'binance request while banned': expect.any(Number) },
    });
  });

  it('are one in so many: errors, halves and late ones, the same for the same seed', async () => {
    const run = async () => {
      const { post, get } = await startSimulator({ SIM_SEED: '9' });
      await post('/sim/rest', { failOneIn: 3, truncateOneIn: 4, delayOneIn: 5, delayMs: 100 });
      const answers: string[] = [];
      let slowest = 0;
      for (let count = 0; count < 30; count += 1) {
        const from = performance.now();
        const { status, body } = await get(
          '/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=2&endTime=1700000000000',
        );
        slowest = Math.max(slowest, performance.now() - from);
        answers.push(status === 200 && body === undefined ? 'half' : String(status));
      }
      return { answers, slowest };
    };
    const first = await run();
    expect(new Set(first.answers)).toEqual(new Set(['200', '500', '503', 'half']));
    expect(first.slowest).toBeGreaterThanOrEqual(100);
    expect((await run()).answers).toEqual(first.answers);
  });

  it('leave the other venue alone', async () => {
    const { post, get, url } = await startSimulator();
    const ask = () => fetch(url('/solana'), { method: 'POST', body: JSON.stringify(rpc('getHealth')) });
    await post('/sim/rest', { venue: 'solana', statuses: [429, 503], rpcErrorCodes: [-32_005] });
    expect((await get('/api/v3/time')).status).toBe(200);
    const limited = await ask();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await limited.json()).toMatchObject({ error: { code: 429 } });
    expect((await ask()).status).toBe(503);
    expect(await (await ask()).json()).toMatchObject({ id: 1, error: { code: -32_005 } });
    expect(await (await ask()).json()).toEqual({ jsonrpc: '2.0', result: 'ok', id: 1 });
  });

  it('cannot be asked for with nonsense', async () => {
    const { post } = await startSimulator();
    for (const body of [
      { venue: 'pumpfun' },
      { statuses: 429 },
      { retryAfterSeconds: 0 },
      { failOneIn: -1 },
      { rpcErrorCodes: ['x'] },
    ]) {
      expect((await post('/sim/rest', body)).status).toBe(400);
    }
    expect((await post('/sim/ban', { status: 500 })).status).toBe(400);
  });
});
