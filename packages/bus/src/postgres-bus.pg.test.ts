import { createTcpProxy, createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import pg from 'pg';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from './bus.ts';
import { awaitAt, describeBusContract, monitorBus, prices } from './bus-contract.ts';
import { postgresChannel } from './listener.ts';
import { createPostgresBus, type PostgresBusOptions } from './postgres-bus.ts';

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

/** Ends the sessions of the buses of this file whose application name ends so. */
async function terminate(suffix: string): Promise<number> {
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'test-bus%' and application_name like '%' || $1`,
    [suffix],
  );
  return rowCount ?? 0;
}

function createBus(overrides: Partial<PostgresBusOptions> = {}): { bus: Bus; metrics: Registry } {
  const metrics = new Registry();
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const bus = createPostgresBus({
    databaseUrl: database.url,
    instance: 'test-bus',
    channels: ['market', 'control'],
    log: silent,
    metrics,
    now: Date.now,
    pollMs: 100,
    heartbeatMs: 50,
    ...overrides,
  });
  return { bus, metrics };
}

async function total(metrics: Registry, name: string): Promise<number> {
  const metric = await metrics.getSingleMetric(name)?.get();
  return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? Number.NaN;
}

describeBusContract('postgres', async () => ({
  connect: (onSubscriberError) =>
    createBus({
      log: {
        info: () => {},
        warn: () => {},
        error: (details) => onSubscriberError((details as { err: unknown }).err),
      },
    }).bus,
  inject: async (channel, text) => {
    await admin.query('select pg_notify($1, $2)', [postgresChannel(channel), text]);
  },
  disrupt: async () => {
    await terminate('listen');
    await terminate('publish');
  },
  poll: () => {},
  close: async () => {},
}));

describe('postgres', () => {
  const buses: Bus[] = [];
  const make = (overrides: Partial<PostgresBusOptions> = {}) => {
    const made = createBus(overrides);
    buses.push(made.bus);
    return made;
  };
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.stop()));
  });

  it('loses nothing published while the publisher was cut off, and shows no gap', async () => {
    const { bus } = make();
    await bus.start();
    const { seen } = monitorBus(bus, 'market');
    bus.publish('market', 'candles.binance', prices(1));
    await awaitAt(seen, 1);
    expect(await terminate('publish')).toBe(1);
    for (let at = 2; at <= 100; at += 1) bus.publish('market', 'candles.binance', prices(at));
    await awaitAt(seen, 100);
    const arrivals = seen.all.flatMap((event) =>
      event.type === 'envelope' ? [[event.envelope.seq, event.contiguous]] : [],
    );
    expect(arrivals).toEqual(Array.from({ length: 100 }, (_, index) => [index + 1, index > 0]));
  });

  it('tells a gap when the listener was cut off meanwhile', async () => {
    const { bus: publisher } = make();
    const proxy = await createTcpProxy(database.url);
    const { bus: reader, metrics } = make({ databaseUrl: proxy.url, heartbeatMs: 20 });
    await Promise.all([publisher.start(), reader.start()]);
    const { seen } = monitorBus(reader, 'market');
    const own = monitorBus(publisher, 'market');
    publisher.publish('market', 'signals', prices(1));
    await awaitAt(seen, 1);

    proxy.refuse();
    await seen.waitUntil(() => !reader.health().connected);
    publisher.publish('market', 'signals', prices(2));
    await awaitAt(own.seen, 2);
    proxy.pass();
    await seen.awaitNext((event) => event.type === 'catchUp' && event.reason === 'reconnect');
    publisher.publish('market', 'signals', prices(3));

    expect((await awaitAt(seen, 3)).contiguous).toBe(false);
    expect(seen.all.some((event) => event.type === 'envelope' && event.envelope.seq === 2)).toBe(false);
    expect(await total(metrics, 'onefeed_bus_gaps_total')).toBe(2);
    await reader.stop();
    await proxy.close();
  });

  it('notices a network that is silent without a word', async () => {
    const proxy = await createTcpProxy(database.url);
    const { bus } = make({ databaseUrl: proxy.url, heartbeatMs: 20, timeoutMs: 200 });
    await bus.start();
    const { seen } = monitorBus(bus, 'market');
    proxy.freeze();
    await seen.waitUntil(() => !bus.health().connected);
    proxy.pass();
    await seen.awaitNext((event) => event.type === 'catchUp' && event.reason === 'reconnect');
    await bus.stop();
    await proxy.close();
  });

  it('waits for a database that is down at the start, and says so', async () => {
    const proxy = await createTcpProxy(database.url);
    proxy.refuse();
    const { bus } = make({ databaseUrl: proxy.url });
    const { seen } = monitorBus(bus, 'market');
    const starting = bus.start();
    await seen.waitUntil(() => proxy.connections() >= 2);
    expect(bus.health()).toMatchObject({
      connected: false,
      reason: expect.stringContaining('bus not listening'),
    });
    bus.publish('market', 'prices.binance', prices(1));
    proxy.pass();
    await starting;
    await seen.waitUntil(() => bus.health().connected);
    bus.publish('market', 'prices.binance', prices(2));
    await awaitAt(seen, 2);
    await bus.stop();
    await proxy.close();
  });

  it('sends many envelopes, of several channels, in few statements', async () => {
    const { bus, metrics } = make();
    await bus.start();
    const market = monitorBus(bus, 'market');
    const control = monitorBus(bus, 'control');
    await market.seen.waitUntil(() => bus.health().connected);
    for (let at = 1; at <= 400; at += 1) bus.publish('market', 'prices.binance', prices(at));
    bus.publish('control', 'control.api', { type: 'demandChanged' });
    await awaitAt(market.seen, 400);
    await control.seen.awaitNext((event) => event.type === 'envelope');
    // News may arrive before the publisher hears that its statement is done.
    await market.seen.waitUntil(async () => (await total(metrics, 'onefeed_bus_flushes_total')) > 0);
    expect(await total(metrics, 'onefeed_bus_flushes_total')).toBe(1);
    expect(await total(metrics, 'onefeed_bus_published_total')).toBe(401);
    expect(await total(metrics, 'onefeed_bus_received_total')).toBe(401);
  });
});
