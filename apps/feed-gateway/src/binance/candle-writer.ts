import type { Bus } from '@onefeed/bus';
import type { Candle, StoredCandle } from '@onefeed/contracts';
import type { CandleSource, CandlesRepository, Fence } from '@onefeed/db/market';
import type { FeedMetrics } from '../metrics.ts';

/** Candles of one statement. */
const BATCH = 1_000;
/** Larger batches (history) are not carried inline: readers are told to read the table. */
const MAX_INLINE = 64;

export interface CandleWriter {
  /** Stores and publishes; resolves when done. Calls are served in order, one at a time. */
  store(candles: readonly Candle[], source: CandleSource): Promise<void>;
  /** Stores final frames soon, together with those that come while a store is going on. */
  add(candle: Candle, receivedAt: number): void;
  /** Resolves when nothing is being stored. */
  idle(): Promise<void>;
}

export interface CandleWriterDeps {
  candles: Pick<CandlesRepository, 'storeClosed'>;
  fence: Fence;
  bus: Bus;
  metrics: FeedMetrics;
  now: () => number;
  onStored(count: number): void;
  /** Final frames that were not stored; the venue's history has them. */
  onLost(candles: Candle[], error: unknown): void;
}

/** The one writer of a venue's closed candles: what is published was committed before, in the same order. */
export function createCandleWriter(deps: CandleWriterDeps): CandleWriter {
  let tail: Promise<void> = Promise.resolve();
  let added: Candle[] = [];
  let oldestReceivedAt = 0;

  function queue(work: () => Promise<void>): Promise<void> {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  }

  async function storeNow(candles: readonly Candle[], source: CandleSource): Promise<void> {
    for (let from = 0; from < candles.length; from += BATCH) {
      const stored = await deps.candles.storeClosed(
        deps.fence,
        'binance',
        candles.slice(from, from + BATCH),
        source,
      );
      deps.metrics.candlesStored.inc({ source }, stored.length);
      publish(stored);
      deps.onStored(stored.length);
    }
  }

  function publish(stored: StoredCandle[]): void {
    if (stored.length === 0) return;
    if (stored.length > MAX_INLINE) deps.bus.publish('market', 'candles.binance', null);
    else {
      deps.bus.publishList('market', 'candles.binance', stored, (candles) => ({
        type: 'closedCandles',
        candles,
      }));
    }
  }

  async function storeAdded(): Promise<void> {
    const batch = added;
    const receivedAt = oldestReceivedAt;
    added = [];
    if (batch.length === 0) return;
    try {
      await storeNow(batch, 'live');
      deps.metrics.publishLag.observe({ venue: 'binance' }, Math.max(0, deps.now() - receivedAt) / 1_000);
    } catch (error) {
      // What came meanwhile must not be stored before what is lost: a later candle would hide the hole.
      const lost = [...batch, ...added];
      added = [];
      deps.onLost(lost, error);
    }
  }

  return {
    store: (candles, source) => queue(() => storeNow(candles, source)),
    add(candle, receivedAt) {
      added.push(candle);
      if (added.length > 1) return;
      oldestReceivedAt = receivedAt;
      void queue(storeAdded);
    },
    idle: () => tail,
  };
}
