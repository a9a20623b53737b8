import { ServiceStatus } from '@onefeed/contracts';
import { createEventMonitor, createTcpProxy, createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import pg from 'pg';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKit } from './kit.ts';
import { createStatusReporter } from './status-reporter.ts';

describe('status reporter', () => {
  let database: TestDatabase;
  let admin: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  it('keeps one row that follows the process, forgets old ones, and leaves none behind', async () => {
    await admin.query(
      `insert into service_status values
         ('feed', 'long-dead', '{}', now() - interval '2 hours'), ('feed', 'just-died', '{}', now() - interval '1 minute')`,
    );
    const kit = createKit({ service: 'feed', logLevel: 'fatal' });
    const proxy = await createTcpProxy(database.url);
    proxy.refuse();
    let reasons = ['starting'];
    const reporter = createStatusReporter({
      databaseUrl: proxy.url,
      kit,
      service: { readiness: () => reasons, figures: () => ({ streams: 6 }) },
      intervalMs: 20,
    });
    reporter.start();
    const waiting = createEventMonitor<never>('rows');
    await waiting.waitUntil(() => proxy.connections() > 1);
    proxy.pass();
    const read = async () => {
      const { rows } = await admin.query<{ instance: string; status: ServiceStatus }>(
        `select instance, status from service_status where service = 'feed' order by instance`,
      );
      return rows;
    };
    const mine = async () => (await read()).find((row) => row.instance === kit.instance)?.status;
    await waiting.waitUntil(async () => (await mine())?.ready === false);
    expect(Value.Check(ServiceStatus, await mine())).toBe(true);
    expect(await mine()).toMatchObject({ service: 'feed', reasons: ['starting'], figures: { streams: 6 } });
    reasons = [];
    await waiting.waitUntil(async () => (await mine())?.ready === true);
    expect((await read()).map((row) => row.instance)).toEqual([kit.instance, 'just-died']);
    await Promise.all([reporter.stop(), reporter.stop()]);
    expect((await read()).map((row) => row.instance)).toEqual(['just-died']);
    await proxy.close();
  });
});
