import type { Timeframe } from '@onefeed/contracts';
import {
  type CandlesRepository,
  FencedOutError,
  type InstrumentsRepository,
  type StreamDemandRepository,
} from '@onefeed/db/market';
import type { Term } from '@onefeed/service-kit';
import {
  type BinanceStream,
  type BinanceStreamClient,
  createBinanceRestClient,
  createRestGate,
} from '@onefeed/venues';
import { createFeedTotals } from '../feed-totals.ts';
import { repeat } from '../repeat.ts';
import { createTermScope, type TermScope } from '../term-scope.ts';
import type { FeedDeps, VenueFeed } from '../venue-feed.ts';
import { type CandleSync, createCandleSync } from './candle-sync.ts';
import { createCandleWriter } from './candle-writer.ts';
import { createDemand } from './demand.ts';
import { followDemand } from './follow-demand.ts';
import { createLiveBoard, type LiveBoard } from './live-board.ts';
import { openStream } from './open-stream.ts';

const PUBLISH_EVERY_MS = 250;
const OVERDUE_EVERY_MS = 500;
/** Without a frame for this long the venue is asked for its time: closed candles may be overdue. */
const QUIET_MS = 10_000;
/** Before the venue's own figure is known; its public one. */
const WEIGHT_PER_MINUTE = 6_000;
const REST_CONCURRENCY = 4;

export interface BinanceFeedOptions {
  wsUrl: string;
  restUrl: string;
  instruments: readonly string[];
  timeframes: readonly Timeframe[];
  historyCandles: number;
}

export interface BinanceFeedDeps extends FeedDeps {
  fetch: typeof fetch;
  candles: CandlesRepository;
  instruments: InstrumentsRepository;
  demand: StreamDemandRepository;
}

export interface BinanceFeed extends VenueFeed {
  /** Somebody's wishes changed: read them now rather than in a moment. */
  demandChanged(): void;
}

/** What runs while this process leads. */
interface Running {
  stream: BinanceStreamClient;
  sync: CandleSync;
  demand: ReturnType<typeof followDemand>;
}

/** Binance's candles and prices: one socket, histories over REST, demand from Postgres. */
export function createBinanceFeed(options: BinanceFeedOptions, deps: BinanceFeedDeps): BinanceFeed {
  const { clock, metrics, log } = deps;
  const totals = createFeedTotals();
  const gate = createRestGate(clock, { concurrency: REST_CONCURRENCY, weightPerMinute: WEIGHT_PER_MINUTE });
  const rest = createBinanceRestClient({ ...deps, baseUrl: options.restUrl, gate });
  const demand = createDemand(options);
  let candlesStored = 0;
  let wanted = 0;
  let running: Running | null = null;

  function createCandles(term: Term, scope: TermScope, board: LiveBoard) {
    const writer = createCandleWriter({
      candles: deps.candles,
      fence: { role: 'feed:binance', epoch: term.epoch },
      bus: deps.bus,
      metrics,
      now: clock.now,
      onStored(count) {
        candlesStored += count;
      },
      onLost(candles, error) {
        if (error instanceof FencedOutError) return scope.fail(error);
        if (scope.signal.aborted) return;
        metrics.storeFailures.inc({ venue: 'binance' });
        log.warn('store', { err: error, candles: candles.length }, 'closed candles were not stored');
        sync.lost(candles);
      },
    });
    const sync = createCandleSync({
      ...deps,
      rest,
      writer,
      board,
      historyCandles: options.historyCandles,
      signal: scope.signal,
      onFencedOut: scope.fail,
    });
    return { writer, sync };
  }

  function follow(streams: BinanceStream[], unknown: number): void {
    if (!running) return;
    const surplus = new Set(running.stream.want(streams));
    const followed = streams.filter((one) => !surplus.has(one));
    running.sync.keepOnly(followed);
    wanted = followed.length;
    metrics.demandRefused.set({ reason: 'unknown_instrument' }, unknown);
    metrics.demandRefused.set({ reason: 'too_many_streams' }, surplus.size);
  }

  let timeAskedAt = 0;
  async function checkTime({ stream, sync }: Running, board: LiveBoard, signal: AbortSignal): Promise<void> {
    const now = clock.now();
    if (stream.streams() > 0 && now - totals.lastFrameAt >= QUIET_MS && now - timeAskedAt >= QUIET_MS) {
      timeAskedAt = now;
      board.tellVenueTime(await rest.time(signal));
    }
    sync.checkOverdue();
  }

  function publish(stream: BinanceStreamClient, board: LiveBoard): void {
    if (stream.state() === 'live') board.publish(clock.now());
    metrics.streams.set({ venue: 'binance' }, stream.streams());
    metrics.restWeight.set(gate.usedWeight());
  }

  async function lead(term: Term): Promise<void> {
    const scope = createTermScope(term);
    const { signal } = scope;
    const onError = (what: string) => (error: unknown) => {
      if (!signal.aborted) log.warn(what, { err: error }, `${what} failed; trying again`);
    };
    const board = createLiveBoard(deps.bus);
    const { writer, sync } = createCandles(term, scope, board);
    const stream = openStream(options.wsUrl, { sync, board, totals }, deps);
    const following = followDemand({
      rest,
      instruments: deps.instruments,
      leases: deps.demand,
      demand,
      clock,
      signal,
      follow,
      onError,
    });
    const now: Running = { stream, sync, demand: following };
    running = now;
    const tasks = [
      repeat(clock, PUBLISH_EVERY_MS, () => publish(stream, board), onError('publishing prices')),
      repeat(
        clock,
        OVERDUE_EVERY_MS,
        () => checkTime(now, board, signal),
        onError('checking the time of Binance'),
      ),
    ];
    stream.start();

    await scope.ended;
    // The socket first: the successor may open its own as soon as this term has ended (I1).
    await stream.stop();
    await Promise.all([following.stop(), sync.stop(), ...tasks.map((task) => task.stop())]);
    await writer.idle();
    metrics.streams.set({ venue: 'binance' }, 0);
    scope.rethrow();
  }

  return {
    lead,
    demandChanged: () => running?.demand.now(),
    readiness() {
      if (!running?.demand.rulesKnown()) return [`binance: its rules are not read yet (${options.restUrl})`];
      const state = running.stream.state();
      if (state !== 'live') return [`binance: not connected (${state}, ${options.wsUrl})`];
      const loading = running.sync.loading();
      return loading > 0 ? [`binance: the history of ${loading} streams is being read`] : [];
    },
    figures: () => ({
      streams: running?.stream.streams() ?? 0,
      wantedStreams: wanted,
      candlesStored,
      binanceFrames: totals.frames,
      binanceBadFrames: totals.badFrames,
      binanceLastFrameAt: totals.lastFrameAt,
    }),
    sockets: () => running?.stream.sockets() ?? 0,
  };
}
