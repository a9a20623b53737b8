import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInternalServer, type InternalServer } from './internal-server.ts';
import { createKit } from './kit.ts';

describe('internal server', () => {
  let reasons: string[] = [];
  let server: InternalServer;
  let origin: string;
  const kit = createKit({ service: 'api', logLevel: 'fatal' });
  const create = (port: number) =>
    createInternalServer({ port, host: '127.0.0.1', kit, readiness: () => reasons });

  beforeEach(async () => {
    reasons = [];
    server = create(0);
    origin = `http://127.0.0.1:${await server.start()}`;
  });
  afterEach(() => server.stop());

  it('is alive whether ready or not', async () => {
    reasons = ['bus not listening'];
    const response = await fetch(`${origin}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true, service: 'api', instance: kit.instance });
  });

  it('is ready without reasons and answers 503 with them', async () => {
    const ready = await fetch(`${origin}/readyz?x=1`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
    reasons = ['bus not listening', 'no instruments'];
    const waiting = await fetch(`${origin}/readyz`);
    expect([waiting.status, await waiting.json()]).toEqual([503, { ready: false, reasons }]);
  });

  it('shows the metrics of the process', async () => {
    const response = await fetch(`${origin}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    for (const name of ['onefeed_nodejs_eventloop_lag_seconds', 'onefeed_process_resident_memory_bytes']) {
      expect(text).toMatch(new RegExp(`^${name} [\\d.]+$`, 'm'));
    }
  });

  it('has nothing else', async () => {
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(`${origin}/healthz`, { method: 'POST' })).status).toBe(405);
  });

  it('says when its port is taken', async () => {
    await expect(create(Number(new URL(origin).port)).start()).rejects.toThrow('EADDRINUSE');
  });
});
