import { createPool, type Pool } from '@onefeed/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, NOON, type Owner, type World } from './world.ts';

/** What the crash point touches of a pool's client. */
interface Client {
  query(text: string, values?: unknown[]): Promise<unknown>;
  on(event: 'error', listener: () => void): void;
  connection: { stream: { destroy(): void } };
}

type When = 'before a statement' | 'after a commit';

/** Statements of transactions, counted; at one of them the process ends. */
function createCrashPoint(pool: Pool, failAt: number, when: When) {
  let statements = 0;
  const hit = { crashed: false };
  const crash = (client: Client): never => {
    hit.crashed = true;
    // As when the process is killed: the connection is cut and its transaction ends with it.
    client.connection.stream.destroy();
    throw new Error('crashed here');
  };
  const connect = async (): Promise<Client> => {
    const client = (await pool.connect()) as unknown as Client;
    client.on('error', () => {});
    return new Proxy(client, {
      get(target, name) {
        if (name !== 'query') {
          const value = Reflect.get(target, name) as unknown;
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (text: string, values?: unknown[]) => {
          if (text === 'rollback') return target.query(text);
          if (when === 'before a statement' || text === 'commit') statements += 1;
          else return target.query(text, values);
          const mine = statements === failAt;
          if (mine && when === 'before a statement') crash(target);
          const result = await target.query(text, values);
          if (mine) crash(target);
          return result;
        };
      },
    });
  };
  const proxy = new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return connect;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { pool: proxy, hit, statements: () => statements };
}

/** Two users' bots in, one stopped out by price, the other by signal, both in again. */
async function play(world: World, owner: Owner, step: number): Promise<void> {
  if (step === 0) await world.addSignal();
  if (step === 1) await owner.price('52000', NOON + 10_000);
  if (step === 2) await world.addSignal({ kind: 'exit', eventTime: NOON + 20_000, price: '52000' });
  if (step === 3) await world.addSignal({ eventTime: NOON + 30_000, price: '52000' });
  if (step === 4) await owner.price('25000', NOON + 40_000);
}
const STEPS = 5;

async function settle(owner: Owner): Promise<void> {
  await owner.shard.idle();
  await owner.catchUp();
}

/** Runs the play with a crash at one statement; a new owner takes over and goes on. True when it crashed. */
async function playWithCrash(world: World, failAt: number, when: When): Promise<boolean> {
  await world.clear();
  const broken = createPool({ url: world.url, maxConnections: 2, applicationName: 'broken' });
  try {
    const anna = await world.addUser();
    const ben = await world.addUser();
    const tight = await world.addBot(anna, {
      exitPlan: { stopLossPercent: 2, takeProfit: { type: 'FIXED', gainPercent: 3 } },
    });
    const loose = await world.addBot(ben, {
      exitPlan: { stopLossPercent: 50, takeProfit: { type: 'FIXED', gainPercent: 90 } },
    });
    const point = createCrashPoint(broken, failAt, when);
    let owner = await world.own({ pool: point.pool });
    await owner.hear('binance', NOON);
    for (let step = 0; step < STEPS; step += 1) {
      await play(world, owner, step);
      const settled = settle(owner).catch(() => {});
      await Promise.race([settled, untilCrashed(point.hit)]);
      if (!point.hit.crashed) continue;
      point.hit.crashed = false;
      await owner.die();
      owner = await world.own();
      await owner.hear('binance', NOON + step * 10_000);
      await settle(owner);
      // A price is not kept anywhere: the feed says it again.
      if (step === 1 || step === 4) await play(world, owner, step);
      await settle(owner);
    }
    const orders = (await world.orders()).map(
      (order) => `${order.bot_id === tight.id ? 'tight' : 'loose'} ${order.cause}`,
    );
    expect(orders.sort()).toEqual([
      'loose exit:signal',
      'loose exit:sl',
      'loose signal:1',
      'loose signal:3',
      'tight exit:sl',
      'tight exit:tp',
      'tight signal:1',
      'tight signal:3',
    ]);
    expect(loose.id).not.toBe(tight.id);
    expect(await world.trades()).toHaveLength(4);
    expect(await world.positions()).toEqual([]);
    expect(await world.rows('select 1 from fills')).toHaveLength(8);
    expect(await world.ledger()).toEqual([]);
    expect(await world.eventsAreGapless()).toBe(true);
    const [{ received } = { received: '' }] = await world.rows<{ received: string }>(
      'select sum(signals_received) as received from bots',
    );
    expect(received).toBe('6');
    return point.statements() >= failAt;
  } finally {
    await broken.end();
  }
}

/** Resolves when the crash point was hit; never otherwise. */
function untilCrashed(hit: { crashed: boolean }): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!hit.crashed) return;
      clearInterval(timer);
      resolve();
    }, 2);
    timer.unref();
  });
}

describe('a crash', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.end());

  it.each([
    ['before a statement', 25],
    ['after a commit', 5],
  ] as const)(
    '%s neither doubles nor loses an order',
    async (when, atLeast) => {
      let failAt = 1;
      while (await playWithCrash(world, failAt, when)) failAt += 1;
      expect(failAt).toBeGreaterThan(atLeast);
    },
    300_000,
  );
});
