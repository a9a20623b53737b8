import { TIMEFRAMES } from '@onefeed/contracts';
import { compareWithTruth } from './comparison.ts';
import { createRandom } from './random.ts';
import { startCandleReader } from './reader.ts';
import { socketBreaches } from './simulator.ts';
import { createStage, type Stage } from './stage.ts';
import { pause, waitFor } from './wait-for.ts';

/** I1. */
export const TAKEOVER_LIMIT_MS = 10_000;
const GIVE_UP_MS = 60_000;
const SETTLE_MS = 20_000;

export interface KillsOptions {
  databaseUrl: string;
  seed: number;
  count: number;
  speed: number;
  instruments: readonly string[];
  /** Wall ms from a kill to the successor's first stored candle; longer is a breach. */
  limitMs: number;
  say(line: string): void;
}

export interface KillsReport {
  /** Wall ms from each kill until the standby held the role. */
  roleMs: number[];
  /** Wall ms from each kill until the successor had stored a closed candle. */
  candleMs: number[];
  candles: number;
  delivered: number;
  corrected: number;
  maxConnections: Record<string, number>;
  /** Wall ms that two sockets of Binance were open, one replacing the other. */
  longestOverlapMs: number;
  breaches: string[];
}

/** Kills the leading gateway without warning at random moments; a new standby is started each time. */
export async function killLeaders(options: KillsOptions): Promise<KillsReport> {
  const random = createRandom(options.seed);
  const stage = await createStage({ ...options, gateways: 2, simulator: { SIM_SECOND_CONNECTION: 'allow' } });
  const reader = await startCandleReader(options.databaseUrl);
  const report: KillsReport = {
    roleMs: [],
    candleMs: [],
    candles: 0,
    delivered: 0,
    corrected: 0,
    maxConnections: {},
    longestOverlapMs: 0,
    breaches: [],
  };
  try {
    const from = (await stage.simulator.state()).venueTime;
    for (let kill = 1; kill <= options.count; kill += 1) {
      await pause(random.between(200, 3_000));
      const leader = await waitFor('a leader', GIVE_UP_MS, stage.leader, 50);
      // The standby has had the time to reach its lock session.
      await waitFor(
        'the standby',
        GIVE_UP_MS,
        async () => (await standbyReady(stage, leader.pid)) || null,
        50,
      );
      await pause(random.between(0, 1_500));
      const epoch = await epochOf(stage);
      const killedAt = performance.now();
      await stage.kill(leader);
      const roleMs = await waitFor(
        'the role to be taken',
        GIVE_UP_MS,
        async () => (await epochOf(stage)) > epoch && performance.now() - killedAt,
        10,
      );
      const newest = await newestSeq(stage);
      const candleMs = await waitFor(
        'a candle of the successor',
        GIVE_UP_MS,
        async () => (await newestSeq(stage)) > newest && performance.now() - killedAt,
        10,
      );
      report.roleMs.push(Math.round(roleMs));
      report.candleMs.push(Math.round(candleMs));
      if (candleMs > options.limitMs)
        report.breaches.push(`kill ${kill}: ${Math.round(candleMs)} ms until the successor stored a candle`);
      if (kill % 10 === 0) options.say(`  ${kill} of ${options.count} kills`);
      await stage.startGateway();
    }
    const to = (await stage.simulator.state()).venueTime - 60_000;
    const compare = () =>
      compareWithTruth(stage.database, stage.simulator, options.instruments, from, to, TIMEFRAMES);
    await waitFor(
      'table and truth to agree',
      SETTLE_MS,
      async () => (await compare()).differences.length === 0,
      500,
    ).catch(() => {});
    const comparison = await compare();
    await reader.settle();
    const state = await stage.simulator.state();
    report.candles = comparison.candles;
    report.delivered = reader.delivered();
    report.corrected = reader.corrected();
    report.longestOverlapMs = Math.max(...state.venues.map((one) => one.longestOverlapMs));
    report.maxConnections = Object.fromEntries(state.venues.map((one) => [one.venue, one.maxConnections]));
    await stage.stop();
    report.breaches.push(
      ...comparison.differences,
      ...reader.problems(),
      ...stage.crashes(),
      ...socketBreaches(state),
    );
    return report;
  } finally {
    await reader.stop();
    await stage.stop().catch(() => {});
  }
}

async function standbyReady(stage: Stage, leaderPid: number): Promise<boolean> {
  const standby = stage.gateways().find(({ pid }) => pid !== leaderPid);
  return standby !== undefined && (await fetch(`${standby.internalUrl}/readyz`)).ok;
}

async function epochOf(stage: Stage): Promise<number> {
  const { rows } = await stage.database.query<{ epoch: number }>(
    `select epoch::int from leader_epochs where role = 'feed:binance'`,
  );
  return rows[0]?.epoch ?? 0;
}

async function newestSeq(stage: Stage): Promise<number> {
  const { rows } = await stage.database.query<{ seq: number }>(
    `select coalesce(max(seq), 0)::float8 as seq from candles where venue = 'binance'`,
  );
  return rows[0]?.seq ?? 0;
}
