import { type Benchmark, type Figure, median } from './benchmark.ts';
import { type FeedRig, startFeedRig } from './feed/feed-rig.ts';
import { klineText } from './feed/kline-text.ts';

const STREAMS = 1_024;
/** The venue's own pace: a bar of each stream every 2 s. */
const VENUE_RATE = STREAMS / 2;
const HIGH_RATE = 10_000;
const ROUNDS = 3;
/** Longer than a venue minute, so that bars close in each round. */
const ROUND_MS = 13_000;
const FLOOD_MS = 8_000;
const PARSED_FRAMES = 200_000;

interface Round {
  framesPerSecond: number;
  framesPerCpuSecond: number;
  cpuPercent: number;
  residentMiB: number;
  prices: number[];
  candles: number[];
}

/** Frames of a venue through the real gateway process to a reader of the bus. */
export const feed: Benchmark = {
  name: 'feed',
  about:
    `The gateway as its own process with ${STREAMS} streams on one socket: each frame received, validated, mapped and ` +
    'conflated or stored, then published over Postgres; lag is from the sending at the venue to a reader of the bus. ' +
    'Prices and forming candles are conflated to one message in 250 ms, which is most of their lag: it is the age of the newest price, so it falls when frames come more often. The venue runs six times faster than the clock, so ' +
    'six times as many bars close as really would. Venue, gateway, Postgres and reader share the machine. Not ' +
    'measured: TLS, the network, compression, several connections, pump.fun.',
  async run() {
    const floor = Array.from({ length: ROUNDS }, parseAlone);
    const rig = await startFeedRig(STREAMS);
    try {
      const flood: Round[] = [];
      const slow: Round[] = [];
      const fast: Round[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        slow.push(await measure(rig, VENUE_RATE, ROUND_MS));
        fast.push(await measure(rig, HIGH_RATE, ROUND_MS));
        flood.push(await measure(rig, 'flood', FLOOD_MS));
      }
      return figuresOf(floor, slow, fast, flood);
    } finally {
      await rig.stop();
    }
  },
};

function figuresOf(floor: number[], slow: Round[], fast: Round[], flood: Round[]): Figure[] {
  const of = (rounds: Round[], value: (round: Round) => number) => rounds.map(value);
  const core = { name: 'one core', value: 100 };
  const lags = (kind: 'prices' | 'candles', share: number): Figure[] => {
    const atVenuePace = of(slow, (round) => quantile(round[kind], share));
    const name = `${kind === 'prices' ? 'price' : 'closed candle'} lag p${share * 100}`;
    return [
      {
        name: `${name}, ${HIGH_RATE}/s`,
        unit: 'ms',
        values: of(fast, (round) => quantile(round[kind], share)),
        comparedWith: { name: `at ${VENUE_RATE}/s`, value: Math.round(median(atVenuePace)) },
      },
    ];
  };
  return [
    {
      name: 'frames per CPU second',
      unit: 'frames',
      values: of(flood, (round) => round.framesPerCpuSecond),
      comparedWith: { name: 'JSON.parse alone', value: Math.round(median(floor)) },
    },
    {
      name: 'frames taken, flooded',
      unit: 'frames/s',
      values: of(flood, (round) => round.framesPerSecond),
      comparedWith: { name: 'asked of it', value: HIGH_RATE },
    },
    {
      name: `frames taken, ${HIGH_RATE}/s`,
      unit: 'frames/s',
      values: of(fast, (round) => round.framesPerSecond),
      comparedWith: { name: 'asked of it', value: HIGH_RATE },
    },
    ...lags('prices', 0.5),
    ...lags('prices', 0.99),
    ...lags('candles', 0.5),
    ...lags('candles', 0.99),
    {
      name: `CPU at ${VENUE_RATE}/s`,
      unit: '%',
      values: of(slow, (round) => round.cpuPercent),
      comparedWith: core,
    },
    {
      name: `CPU at ${HIGH_RATE}/s`,
      unit: '%',
      values: of(fast, (round) => round.cpuPercent),
      comparedWith: core,
    },
    {
      name: 'resident memory',
      unit: 'MiB',
      values: of(flood, (round) => round.residentMiB),
      comparedWith: { name: 'budget of all services', value: 1_024 },
    },
  ];
}

async function measure(rig: FeedRig, rate: number | 'flood', ms: number): Promise<Round> {
  rig.setRate(rate);
  await pause(1_000);
  rig.takeLags();
  const before = await rig.usage();
  const startedAt = performance.now();
  await pause(ms);
  const after = await rig.usage();
  const seconds = (performance.now() - startedAt) / 1_000;
  const lags = rig.takeLags();
  rig.setRate(0);
  await pause(2_000);
  const frames = after.frames - before.frames;
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    framesPerSecond: frames / seconds,
    framesPerCpuSecond: frames / cpuSeconds,
    cpuPercent: (cpuSeconds / seconds) * 100,
    residentMiB: after.residentMiB,
    ...lags,
  };
}

/** Frames that JSON.parse alone takes in a second of CPU: no gateway can be faster. */
function parseAlone(): number {
  const openTime = 1_700_000_040_000;
  const texts = Array.from({ length: STREAMS }, (_, index) =>
    klineText(index, openTime, openTime + index, false, openTime + index),
  );
  const before = process.cpuUsage();
  let checksum = 0;
  for (let count = 0; count < PARSED_FRAMES; count += 1) {
    const frame = JSON.parse(texts[count % STREAMS] ?? '') as { data: { E: number } };
    checksum += frame.data.E % 2;
  }
  const { user, system } = process.cpuUsage(before);
  if (checksum === 0) throw new Error('Nothing was parsed.');
  return PARSED_FRAMES / ((user + system) / 1e6);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
