import { createFollower, createPostgresBus, followStream } from '@onefeed/bus';
import type { StoredCandle } from '@onefeed/contracts';
import { createCandlesRepository, createPool } from '@onefeed/db';
import { Registry } from 'prom-client';

const MAX_PROBLEMS = 20;

/** A consumer of closed candles, as the analysis engine is one: it must see each bar once, in order. */
export interface CandleReader {
  /** Bars delivered, corrections included. */
  delivered(): number;
  /** Bars delivered again with other numbers: the venue's history corrected what its stream had said. */
  corrected(): number;
  /** Bars doubled, or delivered against the order of `seq`. */
  problems(): string[];
  /** Reads what is in the table and not yet delivered. */
  settle(): Promise<void>;
  /** Keys of everything delivered: `<instrument> <timeframe> <openTime>`. */
  has(key: string): boolean;
  stop(): Promise<void>;
}

export async function startCandleReader(databaseUrl: string): Promise<CandleReader> {
  const pool = createPool({ url: databaseUrl, maxConnections: 2, applicationName: 'chaos reader' });
  const candles = createCandlesRepository(pool);
  const bus = createPostgresBus({
    databaseUrl,
    instance: 'chaos-reader',
    channels: ['market'],
    log: { info() {}, warn() {}, error() {} },
    metrics: new Registry(),
    now: Date.now,
  });
  const seen = new Map<string, string>();
  const problems: string[] = [];
  let delivered = 0;
  let corrected = 0;
  let lastSeq = 0;

  function take(candle: StoredCandle): void {
    const { seq, ...content } = candle;
    const key = `${candle.instrument} ${candle.timeframe} ${candle.openTime}`;
    const text = JSON.stringify(content);
    delivered += 1;
    if (seq <= lastSeq) problem(`${key}: seq ${seq} after ${lastSeq}`);
    lastSeq = seq;
    if (seen.get(key) === text) problem(`${key}: delivered twice with the same numbers (seq ${seq})`);
    else if (seen.has(key)) corrected += 1;
    seen.set(key, text);
  }
  function problem(text: string): void {
    if (problems.length < MAX_PROBLEMS) problems.push(text);
  }

  const follower = createFollower<StoredCandle>({
    name: 'chaos reader',
    start: 0n,
    cursorOf: ({ seq }) => BigInt(seq),
    readAfter: (cursor, limit) => candles.readAfterSeq('binance', cursor, limit),
    apply: async (rows) => rows.forEach(take),
    onError: (error) => problem(`the reader failed: ${error}`),
  });
  const subscription = followStream<StoredCandle>(
    bus,
    {
      channel: 'market',
      stream: 'candles.binance',
      rowsOf: (body) => (body as { candles?: StoredCandle[] }).candles ?? null,
    },
    follower,
  );
  await bus.start();
  return {
    delivered: () => delivered,
    corrected: () => corrected,
    problems: () => [...problems],
    async settle() {
      follower.wake();
      await follower.settled();
    },
    has: (key) => seen.has(key),
    async stop() {
      subscription.unsubscribe();
      await follower.stop();
      await bus.stop();
      await pool.end();
    },
  };
}
