import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenLaws, unansweredSignals } from './ledger.ts';
import { type Platform, SERVICES, type ServiceName, startPlatform, waitFor } from './platform.ts';
import { EMA_BOT, registerTrader, type Trader } from './trader.ts';

const MINUTE_MS = 60_000;
const KILLED: readonly (ServiceName | 'postgres')[] = [
  'bot-runner',
  'analysis-engine',
  'feed-gateway',
  'api',
  'bot-runner',
  'market-sim',
  'postgres',
];

/** Each process is killed while bots trade (I3..I7); the platform mends itself and the books stay right. */
describe('kill -9 of any process while bots trade', () => {
  let platform: Platform;
  let trader: Trader;
  let botId: string;

  beforeAll(async () => {
    platform = await startPlatform(['--speed', '40', '--seed', '11', '--demo-bots', '60'], {
      bundledSeed: 11,
    });
    trader = await registerTrader(platform.baseUrl, 'erin@example.com');
    // Enters often and leaves after five market minutes at the latest, so that lost exits show.
    const bot = await trader.client.createBot({
      ...EMA_BOT,
      instruments: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'],
      risk: { maxOpenPositions: 5, cooldownSeconds: 0 },
    });
    if (bot.state !== 'running') await trader.client.startBot(bot.id);
    botId = bot.id;
  });
  afterAll(async () => {
    trader?.close();
    await platform?.stop();
  });

  const orderCount = async () =>
    (await platform.database.query('select count(*)::int as count from orders')).rows[0].count as number;
  const openPositions = async (): Promise<string[]> => {
    const { rows } = await platform.database.query('select id from open_positions where bot_id = $1', [
      botId,
    ]);
    return rows.map((row) => row.id);
  };

  test.each(KILLED.map((service, round) => [round + 1, service] as const))(
    'round %i: %s',
    { timeout: 3 * MINUTE_MS },
    async (_round, service) => {
      const held = await waitFor('an open position', 2 * MINUTE_MS, async () => {
        const ids = await openPositions();
        return ids.length > 0 && ids;
      });
      const processId = async () =>
        service === 'postgres' ? platform.databaseProcessId() : platform.processId(service);
      const victim = await processId();
      process.kill(victim, 'SIGKILL');
      await waitFor(`${service} to be back`, MINUTE_MS, async () => {
        if ((await processId()) === victim) return false;
        const answers = await Promise.all(
          SERVICES.map((one) => fetch(`${platform.internalUrl(one)}/readyz`)),
        );
        return answers.every((answer) => answer.ok);
      });
      // Its exits were armed again: every position held at the kill is left.
      await waitFor('the positions held at the kill to be left', MINUTE_MS, async () => {
        const { rows } = await platform.database.query(
          'select count(*)::int as count from completed_trades where id = any($1)',
          [held],
        );
        return rows[0].count === held.length;
      });
      const before = await orderCount();
      await waitFor('trading to go on', MINUTE_MS, async () => (await orderCount()) > before);
      expect(await brokenLaws(platform.database)).toEqual([]);
    },
  );

  test('no signal was lost', async () => {
    const newest = await platform.database.query('select max(id)::text as id from signals');
    await waitFor('all signals to be answered', 30_000, async () => {
      return (await unansweredSignals(platform.database, newest.rows[0].id)).length === 0;
    });
    expect(await brokenLaws(platform.database)).toEqual([]);
  });
});
