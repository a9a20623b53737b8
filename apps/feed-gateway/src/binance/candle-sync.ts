import type { Candle } from '@onefeed/contracts';
import { type CandlesRepository, FencedOutError } from '@onefeed/db/market';
import type { BinanceRestClient, BinanceStream, Clock } from '@onefeed/venues';
import type { FeedMetrics } from '../metrics.ts';
import type { SparseLog } from '../sparse-log.ts';
import type { CandleWriter } from './candle-writer.ts';
import { readHistory } from './history.ts';
import type { LiveBoard } from './live-board.ts';
import { acceptFinal, createSeries, finishLoading, isOverdue, type Series, seriesKey } from './series.ts';

/** Between two tries to read a history that failed. */
const RETRY_MS = 1_000;
/** An overdue candle that the history has not either may be a hole of the venue: it is not asked for at once again. */
const ASK_AGAIN_MS = 10_000;

export interface CandleSyncDeps {
  rest: BinanceRestClient;
  candles: Pick<CandlesRepository, 'lastOpenTimes'>;
  writer: CandleWriter;
  board: LiveBoard;
  historyCandles: number;
  clock: Clock;
  metrics: FeedMetrics;
  log: SparseLog;
  /** The term's: nothing is read or stored after it. */
  signal: AbortSignal;
  onFencedOut(error: FencedOutError): void;
}

/**
 * Keeps every followed series free of holes (I2): reads its history when it is first subscribed and after each
 * reconnect, from the newest stored candle on, and again whenever a final frame is missed, late or not stored.
 */
export function createCandleSync(deps: CandleSyncDeps) {
  const { clock, metrics } = deps;
  const series = new Map<string, Series>();
  /** Series whose history is being read now. */
  const loading = new Map<Series, Promise<void>>();

  function load(one: Series, healing: boolean): void {
    one.phase = 'loading';
    if (loading.has(one)) {
      one.reload = true;
      return;
    }
    const run = loadUntilDone(one, healing)
      .catch((error: unknown) => {
        if (!deps.signal.aborted) deps.log.warn('history', { err: error }, 'a history could not be read');
      })
      .finally(() => loading.delete(one));
    loading.set(one, run);
  }

  async function loadUntilDone(one: Series, healing: boolean): Promise<void> {
    while (!deps.signal.aborted && series.get(seriesKey(one.instrument, one.timeframe)) === one) {
      one.reload = false;
      try {
        await loadOnce(one);
        if (one.reload) continue;
        if (healing) metrics.gapsHealed.inc({ venue: 'binance' });
        return;
      } catch (error) {
        if (deps.signal.aborted) return;
        if (error instanceof FencedOutError) return deps.onFencedOut(error);
        const stream = `${one.instrument} ${one.timeframe}`;
        deps.log.warn('history', { err: error, stream }, 'a history could not be read; trying again');
        await pause(RETRY_MS);
      }
    }
  }

  async function loadOnce(one: Series): Promise<void> {
    const { lostFrom } = one;
    const [stored] = await deps.candles.lastOpenTimes('binance', [one]);
    const from = stored === undefined ? null : Math.min(stored.openTime, lostFrom ?? stored.openTime);
    const { lastOpenTime, venueTime } = await readHistory(
      one,
      from,
      {
        rest: deps.rest,
        historyCandles: deps.historyCandles,
        store: (candles) => deps.writer.store(candles, 'history'),
      },
      deps.signal,
    );
    if (venueTime < deps.board.venueTime() - 60_000) deps.board.reset();
    deps.board.tellVenueTime(venueTime);
    if (one.reload) return;
    if (one.lostFrom === lostFrom) one.lostFrom = null;
    const receivedAt = clock.now();
    for (const candle of finishLoading(one, lastOpenTime)) deps.writer.add(candle, receivedAt);
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        deps.signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.after(ms, done);
      deps.signal.addEventListener('abort', done);
    });
  }

  return {
    /** The venue sends these streams from now on: read what came before. */
    subscribed(streams: readonly BinanceStream[]): void {
      for (const { instrument, timeframe } of streams) {
        const key = seriesKey(instrument, timeframe);
        const one = series.get(key) ?? createSeries(instrument, timeframe);
        series.set(key, one);
        load(one, false);
      }
    },

    /** Streams that are followed no more. */
    keepOnly(streams: readonly BinanceStream[]): void {
      const kept = new Set(streams.map(({ instrument, timeframe }) => seriesKey(instrument, timeframe)));
      for (const key of series.keys()) if (!kept.has(key)) series.delete(key);
    },

    /** A final frame. */
    final(candle: Candle, receivedAt: number): void {
      const one = series.get(seriesKey(candle.instrument, candle.timeframe));
      if (!one) return;
      switch (acceptFinal(one, candle)) {
        case 'store':
          deps.writer.add(candle, receivedAt);
          return;
        case 'gap':
          metrics.gapsFound.inc({ venue: 'binance' });
          load(one, true);
          return;
        case 'held':
        case 'duplicate':
      }
    },

    /** Final frames that could not be stored: their series are read again from what is stored. */
    lost(candles: readonly Candle[]): void {
      for (const candle of candles) {
        const one = series.get(seriesKey(candle.instrument, candle.timeframe));
        if (!one) continue;
        if (one.lostFrom === null) metrics.gapsFound.inc({ venue: 'binance' });
        one.lostFrom = Math.min(candle.openTime, one.lostFrom ?? candle.openTime);
        load(one, true);
      }
    },

    /** Asks for candles whose final frame should have come by the venue's time. */
    checkOverdue(): void {
      const now = clock.now();
      for (const one of series.values()) {
        if (!isOverdue(one, deps.board.venueTime(), now)) continue;
        one.askAgainAt = now + ASK_AGAIN_MS;
        metrics.gapsFound.inc({ venue: 'binance' });
        load(one, true);
      }
    },

    /** Series whose history is not read yet. */
    loading: () => loading.size,

    /** Resolves when no history is being read; after the signal. */
    async stop(): Promise<void> {
      await Promise.all(loading.values());
    },
  };
}
export type CandleSync = ReturnType<typeof createCandleSync>;
