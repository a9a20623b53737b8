import type { Candle, FeedTrouble } from '@onefeed/contracts';
import { type CandlesRepository, FencedOutError } from '@onefeed/db/market';
import type { BinanceRestClient, BinanceStream, Clock } from '@onefeed/venues';
import type { FeedMetrics } from '../metrics.ts';
import type { SparseLog } from '../sparse-log.ts';
import { abortablePause } from './abortable-pause.ts';
import type { CandleWriter } from './candle-writer.ts';
import type { FollowedStream } from './demand.ts';
import { readHistory } from './history.ts';
import type { HoleKeeper } from './hole-keeper.ts';
import type { LiveBoard } from './live-board.ts';
import {
  acceptFinal,
  createSeries,
  finishLoading,
  isBehind,
  isOverdue,
  type Series,
  seriesKey,
  troubleOf,
} from './series.ts';
import type { VenueTime } from './venue-time.ts';

/** Between two tries to read a history that failed. */
const RETRY_MS = 1_000;
/** Before a history is read once more because of what came meanwhile; doubled up to 64 times while it goes on. */
const RELOAD_MS = 100;
const MAX_RELOAD_DOUBLINGS = 6;
/** An overdue candle that the history has not either may be a hole of the venue: it is not asked for at once again. */
const ASK_AGAIN_MS = 10_000;

export interface CandleSyncDeps {
  rest: BinanceRestClient;
  venueTime: VenueTime;
  candles: Pick<CandlesRepository, 'lastOpenTimes'>;
  writer: CandleWriter;
  board: LiveBoard;
  holes: Pick<HoleKeeper, 'found' | 'instruments'>;
  historyCandles: number;
  clock: Clock;
  metrics: FeedMetrics;
  log: SparseLog;
  /** The term's: nothing is read or stored after it. */
  signal: AbortSignal;
  onFencedOut(error: FencedOutError): void;
  /** The history has a closed candle that its stream did not bring in time. */
  onMissed(stream: BinanceStream): void;
}

/** Why a history is read. */
type LoadCause = 'subscribed' | 'gap' | 'overdue';

/**
 * Keeps every followed series free of holes (I2): reads its history when it is first subscribed and after each
 * reconnect, from the newest stored candle on, and again whenever a final frame is missed, late or not stored.
 */
export function createCandleSync(deps: CandleSyncDeps) {
  const { clock, metrics } = deps;
  const series = new Map<string, Series>();
  /** Series whose history is being read now. */
  const loading = new Map<Series, Promise<void>>();

  const isFollowed = (one: Series) => series.get(seriesKey(one.instrument, one.timeframe)) === one;

  function load(one: Series, cause: LoadCause): void {
    one.phase = 'loading';
    if (loading.has(one)) {
      one.reload = true;
      return;
    }
    const run = loadUntilDone(one, cause)
      .catch((error: unknown) => {
        if (!deps.signal.aborted) deps.log.warn('history', { err: error }, 'a history could not be read');
      })
      .finally(() => loading.delete(one));
    loading.set(one, run);
  }

  async function loadUntilDone(one: Series, cause: LoadCause): Promise<void> {
    let reloads = 0;
    while (!deps.signal.aborted && isFollowed(one)) {
      one.reload = false;
      try {
        await loadOnce(one, cause);
        if (one.reload) {
          await abortablePause(clock, RELOAD_MS * 2 ** Math.min(reloads, MAX_RELOAD_DOUBLINGS), deps.signal);
          reloads += 1;
          continue;
        }
        if (cause !== 'subscribed') metrics.gapsHealed.inc({ venue: 'binance' });
        return;
      } catch (error) {
        if (deps.signal.aborted) return;
        if (error instanceof FencedOutError) return deps.onFencedOut(error);
        const stream = `${one.instrument} ${one.timeframe}`;
        deps.log.warn('history', { err: error, stream }, 'a history could not be read; trying again');
        await abortablePause(clock, RETRY_MS, deps.signal);
      }
    }
  }

  async function loadOnce(one: Series, cause: LoadCause): Promise<void> {
    const { lostFrom, lastOpenTime: before } = one;
    const [stored] = await deps.candles.lastOpenTimes('binance', [one]);
    const from = stored === undefined ? null : Math.min(stored.openTime, lostFrom ?? stored.openTime);
    const historyCandles = Math.max(deps.historyCandles, one.historyWanted);
    const { lastOpenTime, venueTime } = await readHistory(
      one,
      from,
      {
        rest: deps.rest,
        readVenueTime: deps.venueTime.read,
        historyCandles,
        store: (candles) => deps.writer.store(candles, 'history'),
        foundHoles: (holes) => deps.holes.found(one, holes),
      },
      deps.signal,
    );
    if (from === null) one.historyRead = Math.max(one.historyRead, historyCandles);
    if (venueTime < deps.board.venueTime() - 60_000) deps.board.reset();
    deps.board.tellVenueTime(venueTime);
    if (one.reload) return;
    if (one.lostFrom === lostFrom) one.lostFrom = null;
    const receivedAt = clock.now();
    const hadHeld = one.held.length > 0;
    for (const candle of finishLoading(one, lastOpenTime)) deps.writer.add(candle, receivedAt);
    one.overdue = isBehind(one, venueTime);
    if (cause !== 'overdue' || one.overdue) return;
    one.askAgainAt = 0;
    // Its own frame may only have been late; one that is silent brings nothing, whatever the history has.
    if (!hadHeld && before !== null) deps.onMissed(one);
  }

  return {
    /** These streams are followed, and no others. They count as disconnected until `subscribed`. */
    follow(streams: readonly FollowedStream[]): void {
      const kept = new Set<string>();
      for (const { instrument, timeframe, historyCandles } of streams) {
        const key = seriesKey(instrument, timeframe);
        kept.add(key);
        const one = series.get(key) ?? createSeries(instrument, timeframe);
        one.historyWanted = historyCandles;
        series.set(key, one);
      }
      for (const key of series.keys()) if (!kept.has(key)) series.delete(key);
    },

    /** The venue sends these streams from now on: read what came before. */
    subscribed(streams: readonly BinanceStream[]): void {
      for (const { instrument, timeframe } of streams) {
        const one = series.get(seriesKey(instrument, timeframe));
        if (!one) continue;
        one.connected = true;
        load(one, 'subscribed');
      }
    },

    /** No socket carries these streams now. */
    interrupted(streams: readonly BinanceStream[]): void {
      for (const { instrument, timeframe } of streams) {
        const one = series.get(seriesKey(instrument, timeframe));
        if (one) one.connected = false;
      }
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
          load(one, 'gap');
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
        load(one, 'gap');
      }
    },

    /** Asks for candles whose final frame should have come by the venue's time. */
    checkOverdue(): void {
      const now = clock.now();
      for (const one of series.values()) {
        if (!isOverdue(one, deps.board.venueTime(), now)) continue;
        one.askAgainAt = now + ASK_AGAIN_MS;
        metrics.gapsFound.inc({ venue: 'binance' });
        load(one, 'overdue');
      }
    },

    /** Instruments whose candles may not be believed now, with the worst reason among their timeframes. */
    troubles(): Map<string, FeedTrouble> {
      const troubles = new Map<string, FeedTrouble>();
      for (const instrument of deps.holes.instruments()) troubles.set(instrument, 'hole');
      for (const one of series.values()) {
        const trouble = troubleOf(one);
        if (trouble !== null && isWorse(trouble, troubles.get(one.instrument))) {
          troubles.set(one.instrument, trouble);
        }
      }
      return troubles;
    },

    /** Live series of which more history is wanted than was looked for. */
    shallow: () => [...series.values()].filter((one) => one.complete && one.historyWanted > one.historyRead),

    /** Series whose history is not read yet. */
    loading: () => [...series.values()].filter((one) => one.connected && !one.complete).length,

    /** Resolves when no history is being read; after the signal. */
    async stop(): Promise<void> {
      await Promise.all(loading.values());
    },
  };
}
export type CandleSync = ReturnType<typeof createCandleSync>;

const WORST_FIRST: readonly FeedTrouble[] = ['disconnected', 'incomplete', 'overdue', 'hole', 'unconfirmed'];

function isWorse(trouble: FeedTrouble, than: FeedTrouble | undefined): boolean {
  return than === undefined || WORST_FIRST.indexOf(trouble) < WORST_FIRST.indexOf(than);
}
