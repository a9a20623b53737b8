import type { Timeframe } from '@onefeed/contracts';
import {
  type CandlesRepository,
  FencedOutError,
  type InstrumentsRepository,
  type StreamDemandRepository,
} from '@onefeed/db';
import type { Term } from '@onefeed/service-kit';
import {
  type BinanceStream,
  type BinanceStreamClient,
  createBinanceRestClient,
  createBinanceStreamClient,
  createRestGate,
} from '@onefeed/venues';
import { createFeedTotals } from '../feed-totals.ts';
import { repeat } from '../repeat.ts';
import type { FeedDeps, VenueFeed } from '../venue-feed.ts';
import { createCandleSync } from './candle-sync.ts';
import { createCandleWriter } from './candle-writer.ts';
import { createDemand } from './demand.ts';
import { createLiveBoard } from './live-board.ts';

const PUBLISH_EVERY_MS = 250;
const OVERDUE_EVERY_MS = 500;
const DEMAND_EVERY_MS = 2_000;
const RULES_EVERY_MS = 3_600_000;
const RULES_RETRY_MS = 2_000;
const PRUNE_EVERY_MS = 60_000;
/** Without a frame for this long the venue is asked for its time: closed candles may be overdue. */
const QUIET_MS = 10_000;
/** Before the venue's own figure is known; its public one. */
const WEIGHT_PER_MINUTE = 6_000;
const REST_CONCURRENCY = 4;
const MAX_LAG_MS = 600_000;

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

/** Binance's candles and prices: one socket, histories over REST, demand from Postgres. */
export function createBinanceFeed(options: BinanceFeedOptions, deps: BinanceFeedDeps): BinanceFeed {
  const { clock, metrics, log, kit } = deps;
  const totals = createFeedTotals();
  const gate = createRestGate(clock, { concurrency: REST_CONCURRENCY, weightPerMinute: WEIGHT_PER_MINUTE });
  const rest = createBinanceRestClient({
    baseUrl: options.restUrl,
    gate,
    clock,
    random: deps.random,
    fetch: deps.fetch,
  });
  const demand = createDemand(options);
  let candlesStored = 0;
  let client: BinanceStreamClient | null = null;
  let readDemand = () => {};
  let state = { rulesKnown: false, wanted: 0, loading: () => 0 };

  function observeLag(lagMs: number): void {
    // A simulated venue lives in another time; its distance is no lag.
    if (Math.abs(lagMs) < MAX_LAG_MS)
      metrics.receiveLag.observe({ venue: 'binance' }, Math.max(0, lagMs) / 1_000);
  }

  async function lead(term: Term): Promise<void> {
    const board = createLiveBoard(deps.bus);
    const fence = { role: 'feed:binance', epoch: term.epoch };
    const ending = new AbortController();
    const signal = AbortSignal.any([term.signal, ending.signal]);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => end());
    let fencedOut: FencedOutError | null = null;
    const onFencedOut = (error: FencedOutError) => {
      fencedOut = error;
      ending.abort();
    };

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
        if (signal.aborted) return;
        if (error instanceof FencedOutError) return onFencedOut(error);
        metrics.storeFailures.inc({ venue: 'binance' });
        log.warn('store', { err: error, candles: candles.length }, 'closed candles were not stored');
        sync.lost(candles);
      },
    });
    const sync = createCandleSync({
      rest,
      candles: deps.candles,
      writer,
      board,
      historyCandles: options.historyCandles,
      clock,
      metrics,
      log,
      signal,
      onFencedOut,
    });
    const stream = createBinanceStreamClient(
      {
        baseUrl: options.wsUrl,
        onCandle(candle, eventTime, receivedAt) {
          totals.lastFrameAt = receivedAt;
          observeLag(receivedAt - eventTime);
          board.see(candle, eventTime);
          if (candle.closed) sync.final(candle, receivedAt);
        },
        onSubscribed: sync.subscribed,
        onRefused(streams, message) {
          log.warn('refused', { streams: streams.length, message }, 'Binance refused a subscription');
        },
        onFrame(kind) {
          totals.frames += 1;
          metrics.frames.inc({ venue: 'binance', kind });
        },
        onBad(reason, text) {
          totals.badFrames += 1;
          metrics.badFrames.inc({ venue: 'binance', reason });
          log.warn(
            `frame ${reason}`,
            { reason, frame: text.slice(0, 300) },
            'a Binance frame was passed over',
          );
        },
        onState(now) {
          kit.logger[now === 'live' ? 'info' : 'debug']({ venue: 'binance', state: now }, 'venue connection');
        },
        onDropped(cause, detail) {
          metrics.reconnects.inc({ venue: 'binance', cause });
          log.warn(`dropped ${cause}`, { cause, detail }, 'the connection to Binance ended');
        },
      },
      { openSocket: deps.openSocket, clock, random: deps.random },
    );
    client = stream;

    const onError = (what: string) => (error: unknown) => {
      if (!signal.aborted) log.warn(what, { err: error }, `${what} failed; trying again`);
    };
    let known = new Set<string>();
    let rulesDue = 0;
    state = { rulesKnown: false, wanted: 0, loading: sync.loading };

    const rules = repeat(
      clock,
      RULES_RETRY_MS,
      async () => {
        if (signal.aborted || (known.size > 0 && clock.now() < rulesDue)) return;
        const answer = await rest.exchangeInfo(signal);
        await deps.instruments.upsert('binance', answer.instruments);
        known = new Set(answer.instruments.map((one) => one.instrument));
        rulesDue = clock.now() + RULES_EVERY_MS;
        state.rulesKnown = true;
        leases.now();
      },
      onError('reading the rules of Binance'),
    );
    const leases = repeat(
      clock,
      DEMAND_EVERY_MS,
      async () => {
        if (!state.rulesKnown) return;
        const { streams, unknown } = demand.update(await deps.demand.activeDemand(), known, clock.now());
        if (signal.aborted) return;
        follow(streams, unknown);
      },
      onError('reading the demand'),
    );
    const follow = (streams: BinanceStream[], unknown: number) => {
      const surplus = new Set(stream.want(streams));
      const followed = streams.filter((one) => !surplus.has(one));
      sync.keepOnly(followed);
      state.wanted = followed.length;
      metrics.demandRefused.set({ reason: 'unknown_instrument' }, unknown);
      metrics.demandRefused.set({ reason: 'too_many_streams' }, surplus.size);
    };
    readDemand = leases.now;
    const tasks = [
      rules,
      leases,
      repeat(clock, PUBLISH_EVERY_MS, () => publish(), onError('publishing prices')),
      repeat(clock, OVERDUE_EVERY_MS, () => checkTime(), onError('asking for the time of Binance')),
      repeat(
        clock,
        PRUNE_EVERY_MS,
        async () => {
          await deps.demand.pruneExpired();
        },
        onError('deleting expired demand'),
      ),
    ];

    function publish(): void {
      if (stream.state() === 'live') board.publish(clock.now());
      metrics.streams.set({ venue: 'binance' }, stream.streams());
      metrics.restWeight.set(gate.usedWeight());
    }

    let timeAskedAt = 0;
    async function checkTime(): Promise<void> {
      const now = clock.now();
      if (stream.streams() > 0 && now - totals.lastFrameAt >= QUIET_MS && now - timeAskedAt >= QUIET_MS) {
        timeAskedAt = now;
        board.tellVenueTime(await rest.time(signal));
      }
      sync.checkOverdue();
    }

    stream.start();
    await ended;
    readDemand = () => {};
    await stream.stop();
    ending.abort();
    await Promise.all([...tasks.map((task) => task.stop()), sync.stop()]);
    await writer.idle();
    metrics.streams.set({ venue: 'binance' }, 0);
    if (fencedOut !== null) throw fencedOut;
  }

  return {
    lead,
    demandChanged: () => readDemand(),
    readiness() {
      if (!state.rulesKnown) return [`binance: its rules are not read yet (${options.restUrl})`];
      if (client?.state() !== 'live')
        return [`binance: not connected (${client?.state()}, ${options.wsUrl})`];
      const loading = state.loading();
      return loading > 0 ? [`binance: the history of ${loading} streams is being read`] : [];
    },
    figures: () => ({
      streams: client?.streams() ?? 0,
      binanceFrames: totals.frames,
      binanceBadFrames: totals.badFrames,
      binanceLastFrameAt: totals.lastFrameAt,
      wantedStreams: state.wanted,
      candlesStored,
    }),
    sockets: () => client?.sockets() ?? 0,
  };
}
