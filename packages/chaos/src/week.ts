import { readMetric } from './child.ts';
import { type Comparison, compareWithTruth } from './comparison.ts';
import { type Fault, planFaults } from './fault-plan.ts';
import { type MemoryTrend, trendOf, watchMemory } from './memory.ts';
import { createRandom } from './random.ts';
import { type CandleReader, startCandleReader } from './reader.ts';
import { socketBreaches } from './simulator.ts';
import { createStage, type Stage } from './stage.ts';
import { pause, waitFor } from './wait-for.ts';

const DAY_MS = 86_400_000;
/** I2: complete within 10 s of a reconnect; the last fault may have been one. Twice that before it is a breach. */
const SETTLE_MS = 20_000;
/** A process may grow by so much after its warm-up, or by a quarter. */
const MAX_GROWTH_MIB = 40;
const MAX_GROWTH_SHARE = 0.25;

/** A week is over in minutes of wall time, so its faults come faster than the simulator's own measure. */
const BRISK = {
  binance: {
    drop: 4,
    close: 3,
    gap: 3,
    silence: 2,
    silentStream: 4,
    shutdown: 4,
    limited: 3,
    banned: 1,
    hostile: 60,
  },
  pumpfun: { drop: 4, close: 3, gap: 3, silence: 2, refusedTrades: 1, stoppedTrades: 1, hostile: 60 },
  solana: { drop: 4, close: 3, gap: 3, silence: 2, limited: 3, hostile: 60 },
};

export interface WeekOptions {
  databaseUrl: string;
  seed: number;
  /** Simulated days. */
  days: number;
  speed: number;
  instruments: readonly string[];
  /** Wall ms between faults, on average. */
  faultEveryMs: number;
  say(line: string): void;
}

export interface WeekReport {
  seed: number;
  /** Wall seconds of the run. */
  seconds: number;
  /** Faults by name. */
  faults: Record<string, number>;
  candles: number;
  delivered: number;
  corrected: number;
  /** Wall ms from the end of the faults until table and truth agreed; null when they never did. */
  settledMs: number | null;
  frames: number;
  badFrames: number;
  gapsFound: number;
  maxConnections: Record<string, number>;
  /** Wall ms that two sockets of Binance were open, one replacing the other. */
  longestOverlapMs: number;
  memory: ({ process: string } & MemoryTrend)[];
  /** Empty: all that must hold held. */
  breaches: string[];
}

/** A simulated period with every fault on, in which the leader is killed once; then the accounts are checked. */
export async function runWeek(options: WeekOptions): Promise<WeekReport> {
  const random = createRandom(options.seed);
  const runMs = (options.days * DAY_MS) / options.speed;
  const startedAt = performance.now();
  const stage = await createStage({ ...options, gateways: 2, simulator: { SIM_SECOND_CONNECTION: 'allow' } });
  const reader = await startCandleReader(options.databaseUrl);
  const memory = watchMemory(stage.gateways);
  try {
    const from = (await stage.simulator.state()).venueTime;
    const faults = planFaults(random, runMs, options.faultEveryMs);
    options.say(`seed ${options.seed}: ${faults.length} faults in ${Math.round(runMs / 1_000)} s`);
    await stage.simulator.post('/sim/faults', { seed: options.seed, preset: 'all', perMinute: BRISK });
    const counts = await play(stage, faults, runMs, runMs * (0.05 + random.next() * 0.1), options.say);
    const to = (await stage.simulator.state()).venueTime;
    Object.assign(counts, await stage.simulator.happened());
    await stage.simulator.post('/sim/reset');

    const endedAt = performance.now();
    let comparison: Comparison = { candles: 0, differences: ['never compared'] };
    const settled = await waitFor(
      'table and truth to agree',
      SETTLE_MS,
      async () => {
        comparison = await compareWithTruth(
          stage.database,
          stage.simulator,
          options.instruments,
          from,
          lastClosed(to),
        );
        return comparison.differences.length === 0;
      },
      500,
    ).catch(() => false);
    const settledMs = settled ? Math.round(performance.now() - endedAt) : null;
    const undelivered = await countUndelivered(stage, reader);
    memory.stop();
    const figures = await totals(stage);
    const state = await stage.simulator.state();
    const trends = [...memory.series()].flatMap(([process, series]) => {
      const trend = trendOf(series);
      return trend === null ? [] : [{ process, ...trend }];
    });
    await stage.stop();
    return {
      seed: options.seed,
      seconds: (performance.now() - startedAt) / 1_000,
      faults: counts,
      candles: comparison.candles,
      delivered: reader.delivered(),
      corrected: reader.corrected(),
      settledMs,
      ...figures,
      maxConnections: Object.fromEntries(state.venues.map((one) => [one.venue, one.maxConnections])),
      longestOverlapMs: Math.max(...state.venues.map((one) => one.longestOverlapMs)),
      memory: trends,
      breaches: [
        ...comparison.differences,
        ...reader.problems(),
        ...(undelivered > 0 ? [`${undelivered} stored candles were never delivered to a reader`] : []),
        ...stage.crashes(),
        ...socketBreaches(state),
        ...trends
          .filter(({ growth, settled }) => growth > Math.max(MAX_GROWTH_MIB, settled * MAX_GROWTH_SHARE))
          .map(({ process, settled, end }) => `${process}: memory grew from ${settled} to ${end} MiB`),
      ],
    };
  } finally {
    memory.stop();
    await reader.stop();
    await stage.stop().catch(() => {});
  }
}

/** Plays the faults on time; kills the leader once and starts another standby. */
async function play(
  stage: Stage,
  faults: readonly Fault[],
  runMs: number,
  killAtMs: number,
  say: (line: string) => void,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const startedAt = performance.now();
  const steps = faults.flatMap((fault) => [
    { atMs: fault.atMs, run: () => stage.simulator.post(fault.path, fault.body), name: fault.name },
    ...(fault.end
      ? [{ atMs: fault.end.atMs, run: () => stage.simulator.post(fault.path, fault.end?.body), name: null }]
      : []),
  ]);
  steps.push({
    atMs: killAtMs,
    name: 'leader kill',
    async run() {
      const leader = await stage.leader();
      if (leader === null) return;
      await stage.kill(leader);
      await stage.startGateway();
    },
  });
  steps.sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, run, name } of steps) {
    await pause(Math.max(0, startedAt + atMs - performance.now()));
    await run();
    if (name !== null) counts[name] = (counts[name] ?? 0) + 1;
    const [crash] = stage.crashes();
    if (crash !== undefined) throw new Error(crash);
  }
  await pause(Math.max(0, startedAt + runMs - performance.now()));
  say(`  the period is over after ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  return counts;
}

/** Bars that open up to here and have closed by `to` are compared; the truth itself leaves out what is open. */
const lastClosed = (to: number): number => to - 60_000;

/** Candles that the reader has not seen although they were stored before it was asked to catch up. */
async function countUndelivered(stage: Stage, reader: CandleReader): Promise<number> {
  const { rows } = await stage.database.query<{ key: string }>(
    `select instrument || ' ' || timeframe || ' ' || open_time as key from candles where venue = 'binance'`,
  );
  await reader.settle();
  return rows.filter(({ key }) => !reader.has(key)).length;
}

async function totals(stage: Stage) {
  const sum = { frames: 0, badFrames: 0, gapsFound: 0 };
  for (const gateway of stage.gateways()) {
    const text = await gateway.metrics();
    sum.frames += readMetric(text, 'onefeed_feed_frames_total');
    sum.badFrames += readMetric(text, 'onefeed_feed_bad_frames_total');
    sum.gapsFound += readMetric(text, 'onefeed_feed_gaps_found_total');
  }
  return sum;
}
