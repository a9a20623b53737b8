import type { TokenEventsRepository, TokenMarketsRepository, TokensRepository } from '@onefeed/db/market';
import type { Term } from '@onefeed/service-kit';
import { createSolanaRpcClient, type KeyedEvent, MAX_ACCOUNTS_PER_READ } from '@onefeed/venues';
import { createFeedTotals } from '../feed-totals.ts';
import { repeat } from '../repeat.ts';
import { createTermScope } from '../term-scope.ts';
import type { FeedDeps, VenueFeed } from '../venue-feed.ts';
import { createCurveReader } from './curve-reader.ts';
import { createEventWriter } from './event-writer.ts';
import type { PumpMetrics } from './metrics.ts';
import { createPriceBoard } from './price-board.ts';
import { pruneTokens } from './retention.ts';
import { createSourceMerge } from './source-merge.ts';
import {
  createTokenSources,
  type PumpSourceOptions,
  rpcUrlOf,
  type SourceHandlers,
  type TokenSource,
} from './sources.ts';
import { createTokenGuard } from './token-guard.ts';
import { createWatchList, MAX_NEW_TOKENS, WATCH_NEW_MS, type WatchList } from './watch-list.ts';

const PUBLISH_EVERY_MS = 250;
const WATCH_EVERY_MS = 500;
const READ_EVERY_MS = 500;
const HELD_EVERY_MS = 2_000;
const PRUNE_EVERY_MS = 60_000;

export interface PumpFeedDeps extends FeedDeps {
  events: TokenEventsRepository;
  tokens: TokensRepository;
  markets: TokenMarketsRepository;
  pumpMetrics: PumpMetrics;
  fetch: typeof fetch;
}

/** pump.fun's tokens: what happens, told by one source or two, is checked, stored, then told. */
export function createPumpFeed(options: PumpSourceOptions, deps: PumpFeedDeps): VenueFeed {
  const { clock, metrics, pumpMetrics, log, kit } = deps;
  const totals = createFeedTotals();
  const rpcUrl = rpcUrlOf(options);
  let tokensSeen = 0;
  let watchedTokens = 0;
  let unconfirmedTokens = 0;
  let sources: TokenSource[] = [];
  const liveSources = () => sources.filter((source) => source.state() === 'live');
  const followsTrades = () => sources.some((source) => source.followsTrades());

  /** What only counts and logs. */
  const telling: Omit<SourceHandlers, 'onEvent' | 'onState'> = {
    onFrame(_, kind) {
      totals.frames += 1;
      metrics.frames.inc({ venue: 'pumpfun', kind });
    },
    onBad(source, reason, text) {
      totals.badFrames += 1;
      metrics.badFrames.inc({ venue: 'pumpfun', reason });
      const frame = text.slice(0, 300);
      log.warn(`frame ${reason}`, { source, reason, frame }, 'a pump.fun frame was passed over');
    },
    onPassedOver(reason) {
      metrics.passedOver.inc({ venue: 'pumpfun', reason });
    },
    onNotice(source, kind, text) {
      log.warn(
        `notice ${kind}`,
        { source, kind, text: text.slice(0, 300) },
        'a pump.fun source said something',
      );
    },
    onDropped(source, cause, detail) {
      metrics.reconnects.inc({ venue: 'pumpfun', cause });
      log.warn(`dropped ${source} ${cause}`, { source, cause, detail }, 'a connection for pump.fun ended');
    },
  };

  /** After a take-over the tokens that were young before are followed on. */
  async function rememberYoungTokens(watchList: WatchList): Promise<void> {
    const newest = await deps.tokens.newest(MAX_NEW_TOKENS);
    for (const token of newest.reverse()) {
      const isYoung = clock.now() - token.createdAt < WATCH_NEW_MS;
      if (isYoung && token.untradeableReason === null) watchList.remember(token.mint, token.createdAt);
    }
  }

  async function lead(term: Term): Promise<void> {
    const fence = { role: 'feed:pumpfun', epoch: term.epoch };
    const scope = createTermScope(term);
    const { signal } = scope;

    const board = createPriceBoard(deps.bus);
    const watchList = createWatchList();
    const onError = (what: string) => (error: unknown) => {
      if (!signal.aborted) log.warn(what, { err: error }, `${what} failed; trying again`);
    };
    const writer = createEventWriter({
      events: deps.events,
      fence,
      bus: deps.bus,
      clock,
      metrics,
      onStored(events) {
        for (const event of events) board.see(event);
      },
      onError: onError('storing token events'),
      onFencedOut: scope.fail,
    });
    const reader = createCurveReader({
      rpc: rpcUrl === null ? null : createSolanaRpcClient(rpcUrl, { fetch: deps.fetch }),
      clock,
      onRead: (outcome) => pumpMetrics.curveReads.inc({ outcome }),
      onError: onError('reading curves from the chain'),
    });
    const guard = createTokenGuard({
      canRead: reader.canRead,
      exactCreations: options.source !== 'pumpportal',
      onBreak: () => pumpMetrics.chainBreaks.inc(),
      onConfirmed: (by) => pumpMetrics.confirmed.inc({ by }),
    });
    const merge = createSourceMerge({
      onDuplicate: (source) => pumpMetrics.duplicates.inc({ source }),
      onDifference: (field) => pumpMetrics.differences.inc({ field }),
    });
    const write = (events: readonly KeyedEvent[]) => {
      for (const { event, dedupeKey } of events) {
        if (event.kind === 'checked' && event.untradeableReason !== null) watchList.drop(event.mint);
        writer.add(event, dedupeKey);
      }
    };
    const isFollowing = () => liveSources().some((source) => source.followsTrades());

    sources = createTokenSources(
      options,
      {
        ...telling,
        onNotice(source, kind, text) {
          telling.onNotice(source, kind, text);
          // Trades were refused: what is known of the tokens grows old.
          if (!isFollowing()) write(guard.interrupted(clock.now()));
        },
        onEvent(source, keyed) {
          const { event } = keyed;
          totals.lastFrameAt = event.at;
          if (event.kind === 'traded' && !watchList.has(event.mint)) {
            metrics.passedOver.inc({ venue: 'pumpfun', reason: 'not_followed' });
            return;
          }
          for (const news of merge.take(source, keyed)) {
            if (news.event.kind === 'created') tokensSeen += 1;
            watchList.see(news.event);
            write(guard.see(news));
          }
        },
        onState(source, state) {
          kit.logger[state === 'live' ? 'info' : 'debug'](
            { venue: 'pumpfun', source, state },
            'venue connection',
          );
          // From the moment on at which nothing is heard, and again when something is: trades were made meanwhile.
          if (state !== 'connecting' && !isFollowing()) write(guard.interrupted(clock.now()));
        },
      },
      { openSocket: deps.openSocket, clock, random: deps.random },
    );

    let remembered = false;
    async function followHeldTokens(): Promise<void> {
      if (signal.aborted) return;
      if (!remembered) await rememberYoungTokens(watchList);
      watchList.hold(await deps.tokens.heldMints());
      if (!remembered) {
        const { held, others } = watchList.mints(clock.now());
        const known = await deps.markets.getMany([...held, ...others]);
        if (!signal.aborted) write(guard.resume(known, clock.now()));
      }
      remembered = true;
    }

    function watch(): void {
      if (!remembered) return;
      const { held, others } = watchList.mints(clock.now());
      guard.follow([...held, ...others]);
      watchedTokens = held.length + others.length;
      unconfirmedTokens = guard.unconfirmed();
      for (const source of sources) {
        source.watch(held, others);
        pumpMetrics.quietThreshold.set({ source: source.name }, source.quietThresholdMs() / 1_000);
      }
      metrics.streams.set({ venue: 'pumpfun' }, watchedTokens);
      pumpMetrics.unconfirmed.set(unconfirmedTokens);
    }

    async function readCurves(): Promise<void> {
      if (rpcUrl === null) return;
      const mints = guard.due(clock.now(), MAX_ACCOUNTS_PER_READ, isFollowing());
      if (mints.length === 0 || signal.aborted) return;
      const curves = await reader.read(mints, signal);
      if (curves === null || signal.aborted) return;
      for (const [mint, curve] of curves) write(guard.told(mint, curve, clock.now()));
    }

    const tasks = [
      repeat(clock, HELD_EVERY_MS, followHeldTokens, onError('reading the tokens held')),
      repeat(clock, WATCH_EVERY_MS, watch, onError('following tokens')),
      repeat(clock, READ_EVERY_MS, readCurves, onError('reading curves')),
      repeat(
        clock,
        PUBLISH_EVERY_MS,
        () => {
          if (liveSources().length > 0) board.publish(clock.now());
        },
        onError('publishing prices'),
      ),
      repeat(
        clock,
        PRUNE_EVERY_MS,
        () => pruneTokens(deps.events, deps.tokens, clock.now(), signal),
        onError('deleting old token events'),
      ),
    ];

    for (const source of sources) source.start();
    await scope.ended;
    // The sockets first: the successor may open its own as soon as this term has ended (I1).
    await Promise.all(sources.map((source) => source.stop()));
    await Promise.all(tasks.map((task) => task.stop()));
    await writer.stop();
    metrics.streams.set({ venue: 'pumpfun' }, 0);
    pumpMetrics.unconfirmed.set(0);
    scope.rethrow();
  }

  return {
    lead,
    readiness() {
      if (liveSources().length > 0) return [];
      if (sources.length === 0) return ['pumpfun: not connected yet'];
      return sources.map(
        ({ name, host, state }) => `pumpfun: not connected to ${name} (${state()}, ${host})`,
      );
    },
    figures: () => ({
      tokensSeen,
      watchedTokens,
      unconfirmedTokens,
      followsTrades: followsTrades(),
      pumpfunSource: options.source,
      pumpfunFrames: totals.frames,
      pumpfunBadFrames: totals.badFrames,
      pumpfunLastFrameAt: totals.lastFrameAt,
    }),
    sockets: () => sources.reduce((sum, source) => sum + source.sockets(), 0),
  };
}
