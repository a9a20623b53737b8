import { type Candle, FEED_TROUBLES, type FeedTrouble, type Timeframe } from '@onefeed/contracts';
import {
  type CandleHolesRepository,
  type CandleRetentionRepository,
  type CandlesRepository,
  type FeedHealthRepository,
  FencedOutError,
  type InstrumentsRepository,
  type StreamDemandRepository,
} from '@onefeed/db/market';
import type { Term } from '@onefeed/service-kit';
import {
  type BinanceStream,
  type BinanceStreamClient,
  CONNECTION_STATES,
  type ConnectionState,
  createBinanceRestClient,
  createRestGate,
  limitConnects,
} from '@onefeed/venues';
import { createFeedTotals } from '../feed-totals.ts';
import { createHealthBoard } from '../health-board.ts';
import { repeat } from '../repeat.ts';
import { createTermScope, type TermScope } from '../term-scope.ts';
import type { FeedDeps, VenueFeed } from '../venue-feed.ts';
import { type CandleSync, createCandleSync } from './candle-sync.ts';
import { createCandleWriter } from './candle-writer.ts';
import { deepenHistories } from './deepen.ts';
import { createDemand, type FollowedStream, MAX_HISTORY } from './demand.ts';
import { followDemand } from './follow-demand.ts';
import { createHoleKeeper } from './hole-keeper.ts';
import { createLiveBoard, type LiveBoard } from './live-board.ts';
import { openStream } from './open-stream.ts';
import { type CandleRetention, pruneCandles } from './retention.ts';
import { createVenueTime, type VenueTime } from './venue-time.ts';

const PUBLISH_EVERY_MS = 250;
const OVERDUE_EVERY_MS = 500;
/** Without a frame for this long the venue is asked for its time: closed candles may be overdue. */
const QUIET_MS = 10_000;
/** Before the venue's own figure is known; its public one. */
const WEIGHT_PER_MINUTE = 6_000;
const REST_CONCURRENCY = 8;
const HEALTH_EVERY_MS = 250;
const HISTORY_EVERY_MS = 1_000;
const PRUNE_EVERY_MS = 60_000;
/** The venue allows 300 attempts in 5 minutes; some are left for whoever else shares the address. */
const CONNECTS = { max: 240, windowMs: 300_000 };

export interface BinanceFeedOptions {
  wsUrl: string;
  restUrl: string;
  instruments: readonly string[];
  timeframes: readonly Timeframe[];
  historyCandles: number;
  /** Age at which a socket is replaced, ms. */
  rolloverMs: number;
  retention: CandleRetention;
}

export interface BinanceFeedDeps extends FeedDeps {
  fetch: typeof fetch;
  candles: CandlesRepository;
  holes: CandleHolesRepository;
  health: FeedHealthRepository;
  retention: CandleRetentionRepository;
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
  /** The streams to follow are known. */
  following: boolean;
}

/** Binance's candles and prices: one socket, histories over REST, demand from Postgres. */
export function createBinanceFeed(options: BinanceFeedOptions, deps: BinanceFeedDeps): BinanceFeed {
  const { clock, metrics, log } = deps;
  const totals = createFeedTotals();
  const gate = createRestGate(clock, { concurrency: REST_CONCURRENCY, weightPerMinute: WEIGHT_PER_MINUTE });
  const rest = createBinanceRestClient({
    ...deps,
    baseUrl: options.restUrl,
    gate,
    onRequest: (outcome) => metrics.restRequests.inc({ venue: 'binance', outcome }),
  });
  const openSocket = limitConnects(deps.openSocket, clock, CONNECTS);
  const demand = createDemand(options);
  let candlesStored = 0;
  let wanted = 0;
  let leases = { wishes: 0, streams: 0 };
  let running: Running | null = null;

  /** What keeps the candles of a term complete. `missed` tells of a stream that did not bring a bar. */
  function createCandles(
    term: Term,
    scope: TermScope,
    board: LiveBoard,
    venueTime: VenueTime,
    onMissed: (stream: BinanceStream) => void,
  ) {
    const { signal } = scope;
    const fence = { role: 'feed:binance', epoch: term.epoch };
    const writer = createCandleWriter({
      candles: deps.candles,
      fence,
      bus: deps.bus,
      metrics,
      now: clock.now,
      onStored(count) {
        candlesStored += count;
      },
      onLost(candles, error) {
        if (error instanceof FencedOutError) return scope.fail(error);
        if (signal.aborted) return;
        metrics.storeFailures.inc({ venue: 'binance' });
        log.warn('store', { err: error, candles: candles.length }, 'closed candles were not stored');
        sync.lost(candles);
      },
    });
    const store = (candles: Candle[]) => writer.store(candles, 'history');
    const holes = createHoleKeeper({ ...deps, rest, venueTime, fence, store, signal });
    const sync = createCandleSync({
      ...deps,
      rest,
      venueTime,
      writer,
      board,
      holes,
      historyCandles: options.historyCandles,
      signal,
      onFencedOut: scope.fail,
      onMissed,
    });
    const health = createHealthBoard({ venue: 'binance', health: deps.health, fence, bus: deps.bus });
    return { writer, sync, holes, health };
  }

  function follow(streams: FollowedStream[], unknown: number): void {
    if (!running) return;
    const surplus = new Set<BinanceStream>(running.stream.want(streams));
    const followed = streams.filter((one) => !surplus.has(one));
    running.sync.follow(followed);
    running.following = true;
    wanted = followed.length;
    metrics.demandRefused.set({ reason: 'unknown_instrument' }, unknown);
    metrics.demandRefused.set({ reason: 'too_many_streams' }, surplus.size);
  }

  function onLeases(wishes: number, streams: number): void {
    leases = { wishes, streams };
    metrics.subscribers.set({ venue: 'binance' }, wishes);
    metrics.sharedStreams.set({ venue: 'binance' }, streams);
  }

  let timeAskedAt = 0;
  async function checkTime({ stream, sync }: Running, board: LiveBoard, venueTime: VenueTime): Promise<void> {
    const now = clock.now();
    if (stream.streams() > 0 && now - totals.lastFrameAt >= QUIET_MS && now - timeAskedAt >= QUIET_MS) {
      timeAskedAt = now;
      board.tellVenueTime(await venueTime.read());
    }
    sync.checkOverdue();
  }

  function publish(stream: BinanceStreamClient, board: LiveBoard): void {
    if (stream.state() === 'live') board.publish(clock.now());
    metrics.streams.set({ venue: 'binance' }, stream.streams());
    metrics.restWeight.set(gate.usedWeight());
    metrics.restWeightLimit.set(gate.weightPerMinute());
    metrics.restWaiting.set(gate.waiting());
    countStates(stream.states());
  }

  function countStates(states: readonly ConnectionState[]): void {
    for (const state of CONNECTION_STATES) {
      const count = states.filter((one) => one === state).length;
      metrics.connectionStates.set({ venue: 'binance', state }, count);
    }
  }

  function countTroubles(troubles: ReadonlyMap<string, FeedTrouble>): void {
    const all = [...troubles.values()];
    for (const trouble of FEED_TROUBLES) {
      const count = all.filter((one) => one === trouble).length;
      metrics.troubled.set({ venue: 'binance', trouble }, count);
    }
  }

  async function lead(term: Term): Promise<void> {
    const scope = createTermScope(term);
    const { signal } = scope;
    const board = createLiveBoard(deps.bus);
    const venueTime = createVenueTime(rest, signal);
    const { writer, sync, holes, health } = createCandles(term, scope, board, venueTime, (one) =>
      stream.missed(one),
    );
    const stream = openStream(
      { baseUrl: options.wsUrl, rolloverMs: options.rolloverMs },
      { sync, board, totals },
      { ...deps, openSocket },
    );
    const onError = (what: string) => (error: unknown) => {
      if (error instanceof FencedOutError) scope.fail(error);
      else if (!signal.aborted) log.warn(what, { err: error }, `${what} failed; trying again`);
    };
    const following = followDemand({
      rest,
      instruments: deps.instruments,
      leases: deps.demand,
      demand,
      clock,
      signal,
      follow,
      onLeases,
      onError,
    });
    const now: Running = { stream, sync, demand: following, following: false };
    running = now;
    const every = (ms: number, what: string, work: () => Promise<void> | void) =>
      repeat(clock, ms, () => (signal.aborted ? undefined : work()), onError(what));
    const tasks = [
      every(PUBLISH_EVERY_MS, 'publishing prices', () => publish(stream, board)),
      every(OVERDUE_EVERY_MS, 'checking the time of Binance', () => checkTime(now, board, venueTime)),
      every(HISTORY_EVERY_MS, 'reading the holes of Binance again', holes.check),
      every(HISTORY_EVERY_MS, 'reading older candles', () =>
        deepenHistories({ ...deps, sync, rest, venueTime, writer, holes, signal }),
      ),
      every(HEALTH_EVERY_MS, 'telling the health of the feed', async () => {
        if (!now.following) return;
        const troubles = sync.troubles();
        countTroubles(troubles);
        await health.tell(troubles, board.venueTime());
      }),
      every(PRUNE_EVERY_MS, 'deleting old candles', async () =>
        pruneCandles(
          {
            venue: 'binance',
            retention: options.retention,
            keepNewest: Math.max(MAX_HISTORY, options.historyCandles),
            candles: deps.retention,
            clock,
            signal,
            onPruned: (timeframe, count) => metrics.candlesPruned.inc({ timeframe }, count),
          },
          // Not the board's: one frame from the future must not delete anything.
          await venueTime.read(),
        ),
      ),
    ];
    stream.start();

    await scope.ended;
    // The socket first: the successor may open its own as soon as this term has ended (I1).
    await stream.stop();
    await Promise.all([following.stop(), sync.stop(), ...tasks.map((task) => task.stop())]);
    await writer.idle();
    metrics.streams.set({ venue: 'binance' }, 0);
    metrics.staleness.forget();
    countStates([]);
    countTroubles(new Map());
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
      subscribers: leases.wishes,
      sharedStreams: leases.streams,
      candlesStored,
      binanceFrames: totals.frames,
      binanceBadFrames: totals.badFrames,
      binanceLastFrameAt: totals.lastFrameAt,
    }),
    sockets: () => running?.stream.sockets() ?? 0,
  };
}
