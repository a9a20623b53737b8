import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPostgresBus } from '@onefeed/bus';
import type { MarketMessage } from '@onefeed/contracts';
import { migrate } from '@onefeed/db';
import { findFreePort, startLocalPostgres } from '@onefeed/local-postgres';
import { Registry } from 'prom-client';
import { INTERVALS, symbolOf } from './kline-text.ts';
import { toWallTime } from './venue-clock.ts';

const GATEWAY = fileURLToPath(new URL('../../../../apps/feed-gateway/src/main.ts', import.meta.url));
const VENUE = fileURLToPath(new URL('./venue-process.ts', import.meta.url));
const GIVE_UP_MS = 120_000;

/** What the gateway process has used and done since its start. */
export interface Usage {
  frames: number;
  cpuSeconds: number;
  residentMiB: number;
}

/** The gateway as its own process between a venue that sends what is asked and a reader of the bus. */
export interface FeedRig {
  setRate(rate: number | 'flood'): void;
  usage(): Promise<Usage>;
  /** Wall ms from the venue's sending to a reader of the bus, of all news since the last call. */
  takeLags(): { prices: number[]; candles: number[] };
  stop(): Promise<void>;
}

export async function startFeedRig(streams: number): Promise<FeedRig> {
  const folder = mkdtempSync(join(tmpdir(), 'onefeed-bench-'));
  // Root's Postgres runs under another account, which has to get in.
  chmodSync(folder, 0o711);
  const postgres = await startLocalPostgres({ dataDirectory: join(folder, 'postgres'), log: () => {} });
  const databaseUrl = await postgres.createDatabase('feed', { fresh: true });
  await migrate(databaseUrl);
  const startedAt = Date.now();
  const venue = fork(VENUE, [String(streams), String(startedAt)]);
  const [{ port }] = (await once(venue, 'message')) as [{ port: number }];
  const internalPort = await findFreePort();
  const gateway = spawn(process.execPath, [GATEWAY], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      INTERNAL_PORT: String(internalPort),
      BINANCE_WS_URL: `ws://127.0.0.1:${port}`,
      BINANCE_REST_URL: `http://127.0.0.1:${port}`,
      PUMPPORTAL_WS_URL: `ws://127.0.0.1:${await findFreePort()}/absent`,
      INSTRUMENTS: Array.from({ length: streams / 2 }, (_, index) => symbolOf(2 * index)).join(','),
      TIMEFRAMES: INTERVALS.map(({ name }) => name).join(','),
      HISTORY_CANDLES: '1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let ended = false;
  gateway.once('exit', () => {
    ended = true;
  });
  const metrics = async () => (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();

  let lags: { prices: number[]; candles: number[] } = { prices: [], candles: [] };
  const bus = createPostgresBus({
    databaseUrl,
    instance: 'bench',
    channels: ['market'],
    log: { info() {}, warn() {}, error() {} },
    metrics: new Registry(),
    now: Date.now,
  });
  bus.subscribe('market', {
    onEnvelope({ body }) {
      const now = Date.now();
      const message = body as MarketMessage | null;
      if (message?.type === 'prices') {
        for (const { at } of message.prices) lags.prices.push(now - toWallTime(at, startedAt));
      } else if (message?.type === 'closedCandles') {
        for (const { quoteVolume } of message.candles)
          if (Number(quoteVolume) > 0) lags.candles.push(now - Number(quoteVolume));
      }
    },
    onCatchUp() {},
  });
  await bus.start();

  const rig: FeedRig = {
    setRate: (rate) => void venue.send({ rate }),
    async usage() {
      const text = await metrics();
      return {
        frames: sumOf(text, 'onefeed_feed_frames_total'),
        cpuSeconds: sumOf(text, 'onefeed_process_cpu_seconds_total'),
        residentMiB: sumOf(text, 'onefeed_process_resident_memory_bytes') / 1024 / 1024,
      };
    },
    takeLags() {
      const taken = lags;
      lags = { prices: [], candles: [] };
      return taken;
    },
    async stop() {
      await end(gateway);
      await end(venue);
      await bus.stop();
      await postgres.stop();
      rmSync(postgres.folder, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilFollowed(metrics, streams, () => ended);
  } catch (error) {
    await rig.stop();
    throw error;
  }
  return rig;
}

async function untilFollowed(
  metrics: () => Promise<string>,
  streams: number,
  ended: () => boolean,
): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const text = await metrics().catch(() => '');
    const stored = sumOf(text, 'onefeed_feed_candles_stored_total');
    if (sumOf(text, 'onefeed_feed_streams') >= streams && stored >= streams) return;
    if (ended() || performance.now() > deadline)
      throw new Error(`The gateway did not follow ${streams} streams.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** All samples of a metric added up, whatever their labels. */
function sumOf(exposition: string, name: string): number {
  let sum = 0;
  for (const line of exposition.split('\n')) {
    if (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) sum += Number(line.split(' ').at(-1));
  }
  return sum;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
