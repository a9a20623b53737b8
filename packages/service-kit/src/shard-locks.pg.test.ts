import {
  createEventMonitor,
  createTcpProxy,
  createTestDatabase,
  type EventMonitor,
  type TestDatabase,
} from '@onefeed/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShardLocks, type ShardLocks, type ShardTerm } from './shard-locks.ts';

type Happening =
  | { holder: string; shard: number; epoch: number }
  | { holder: string; shard: number; lost: true };

describe('shard locks', () => {
  let database: TestDatabase;
  let admin: pg.Pool;
  let runners: ShardLocks[];
  let seen: EventMonitor<Happening>;
  let terms: ShardTerm[];

  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Pool({ connectionString: database.url, max: 1 });
    runners = [];
    terms = [];
    seen = createEventMonitor<Happening>('happenings');
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await admin.end();
    await database.drop();
  });

  async function startRunner(holder: string, overrides: { url?: string; onLost?: () => Promise<void> } = {}) {
    const runner = createShardLocks({
      databaseUrl: overrides.url ?? database.url,
      shards: 8,
      holder,
      onAcquired(term) {
        terms.push(term);
        seen.push({ holder, shard: term.shard, epoch: term.epoch });
      },
      async onLost(shard) {
        await overrides.onLost?.();
        seen.push({ holder, shard, lost: true });
      },
      onError: () => {},
    });
    runners.push(runner);
    await runner.start();
    return runner;
  }
  const sizes = () => runners.map((runner) => runner.owned().length);

  it('gives all shards to the only runner, each with an epoch of its own', async () => {
    const runner = await startRunner('only');
    await seen.waitUntil(() => runner.owned().length === 8);
    expect(runner.owned()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const { rows } = await admin.query('select shard, epoch from bot_shards order by shard');
    expect(rows).toEqual(Array.from({ length: 8 }, (_, shard) => ({ shard, epoch: '1' })));
  });

  it('shares evenly when runners join and leave, never owning a shard twice', async () => {
    const first = await startRunner('first');
    await seen.waitUntil(() => first.owned().length === 8);
    await startRunner('second');
    await seen.waitUntil(() => sizes().every((size) => size === 4), 20_000);
    const owned = runners.flatMap((runner) => runner.owned());
    expect(new Set(owned).size).toBe(8);

    await first.stop();
    await seen.waitUntil(() => runners[1]?.owned().length === 8, 20_000);
    expect(first.owned()).toEqual([]);

    // In the order things happened, a shard is given only when nobody has it, and its epoch rises each time.
    const owners = new Map<number, string>();
    const epochs = new Map<number, number>();
    for (const event of seen.all) {
      if ('lost' in event) {
        expect(owners.get(event.shard)).toBe(event.holder);
        owners.delete(event.shard);
      } else {
        expect(owners.has(event.shard)).toBe(false);
        expect(event.epoch).toBe((epochs.get(event.shard) ?? 0) + 1);
        owners.set(event.shard, event.holder);
        epochs.set(event.shard, event.epoch);
      }
    }
  });

  it('keeps the lock of a shard until its running work has ended', async () => {
    const { promise: workEnds, resolve: endWork } = Promise.withResolvers<void>();
    const first = await startRunner('first', { onLost: () => workEnds });
    await seen.waitUntil(() => first.owned().length === 8);
    await startRunner('second');
    await seen.waitUntil(() => terms.some((term) => term.signal.aborted), 20_000);
    const given = terms.find((term) => term.signal.aborted);
    expect(given).toBeDefined();
    const { rows } = await admin.query(
      `select count(*)::int as count from pg_locks where locktype = 'advisory' and objid = $1 and objsubid = 2`,
      [given?.shard],
    );
    expect(rows[0].count).toBe(1);
    expect(seen.all.some((event) => event.holder === 'second')).toBe(false);
    endWork();
    await seen.awaitNext((event) => event.holder === 'second', 20_000);
  });

  it('loses every shard at once with the connection; another takes them within 10 s', async () => {
    const proxy = await createTcpProxy(database.url);
    const frozen = await startRunner('frozen', { url: proxy.url });
    await seen.waitUntil(() => frozen.owned().length === 8);
    const before = [...terms];
    proxy.freeze();
    await startRunner('standby');
    await seen.waitUntil(() => (sizes()[1] ?? 0) === 8, 10_000);
    await seen.waitUntil(() => before.every((term) => term.signal.aborted));
    expect(frozen.owned()).toEqual([]);
    await frozen.stop();
    await proxy.close();
  });
});
