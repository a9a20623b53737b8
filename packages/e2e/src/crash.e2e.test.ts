import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenLaws, unansweredSignals } from './ledger.ts';
import { type Platform, type ServiceName, startPlatform, waitFor } from './platform.ts';

const MINUTE_MS = 60_000;
const KILLED: readonly ServiceName[] = [
  'bot-runner',
  'analysis-engine',
  'feed-gateway',
  'api',
  'bot-runner',
  'market-sim',
];

/** Each process is killed while bots trade (I3..I7); the platform mends itself and the books stay right. */
describe('kill -9 of any process while bots trade', () => {
  let platform: Platform;

  beforeAll(async () => {
    platform = await startPlatform(['--speed', '40', '--seed', '11', '--demo-bots', '60']);
    await waitFor('the first orders', 2 * MINUTE_MS, () => moreOrdersThan(20));
  });
  afterAll(() => platform?.stop());

  const orderCount = async () =>
    (await platform.database.query('select count(*)::int as count from orders')).rows[0].count as number;
  const moreOrdersThan = async (count: number) => (await orderCount()) > count;

  test.each(KILLED.map((service, round) => [round + 1, service] as const))(
    'round %i: %s',
    { timeout: 3 * MINUTE_MS },
    async (_round, service) => {
      const victim = await platform.processId(service);
      process.kill(victim, 'SIGKILL');
      await waitFor(`${service} to be back`, MINUTE_MS, async () => {
        if ((await platform.processId(service)) === victim) return false;
        return (await fetch(`${platform.internalUrl(service)}/readyz`)).ok;
      });
      const before = await orderCount();
      await waitFor('trading to go on', 2 * MINUTE_MS, () => moreOrdersThan(before + 5));
      expect(await brokenLaws(platform.database)).toEqual([]);
    },
  );

  test('no signal was lost, and every open position is still guarded', {
    timeout: 3 * MINUTE_MS,
  }, async () => {
    const newest = await platform.database.query('select max(id)::text as id from signals');
    await waitFor(
      'all signals to be answered',
      30_000,
      async () => (await unansweredSignals(platform.database, newest.rows[0].id)).length === 0,
    );
    // Positions opened before the last kill are left by their own exits, so their exits were armed again.
    const open = await platform.database.query<{ id: string }>('select id from open_positions');
    const ids = open.rows.map((row) => row.id);
    await waitFor('positions of before to be left', 2 * MINUTE_MS, async () => {
      const { rows } = await platform.database.query(
        'select count(*)::int as count from completed_trades where id = any($1)',
        [ids],
      );
      return rows[0].count > 0;
    });
    expect(await brokenLaws(platform.database)).toEqual([]);
  });
});
