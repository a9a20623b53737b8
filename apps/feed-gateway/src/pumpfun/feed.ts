import type { TokenEventsRepository, TokensRepository } from '@onefeed/db/market';
import type { Term } from '@onefeed/service-kit';
import { createPumpStreamClient, type PumpStreamClient } from '@onefeed/venues';
import { createFeedTotals } from '../feed-totals.ts';
import { repeat } from '../repeat.ts';
import { createTermScope } from '../term-scope.ts';
import type { FeedDeps, VenueFeed } from '../venue-feed.ts';
import { createEventWriter, type EventWriter } from './event-writer.ts';
import { createPriceBoard } from './price-board.ts';
import { pruneTokens } from './retention.ts';
import { createWatchList, MAX_NEW_TOKENS, WATCH_NEW_MS, type WatchList } from './watch-list.ts';

const PUBLISH_EVERY_MS = 250;
const WATCH_EVERY_MS = 500;
const HELD_EVERY_MS = 2_000;
const PRUNE_EVERY_MS = 60_000;

export interface PumpFeedOptions {
  wsUrl: string;
  apiKey: string | null;
}

export interface PumpFeedDeps extends FeedDeps {
  events: TokenEventsRepository;
  tokens: TokensRepository;
}

/** pump.fun's tokens through PumpPortal: one socket, what happens is stored, then told. */
export function createPumpFeed(options: PumpFeedOptions, deps: PumpFeedDeps): VenueFeed {
  const { clock, metrics, log, kit } = deps;
  const totals = createFeedTotals();
  let tokensSeen = 0;
  let client: PumpStreamClient | null = null;

  function openStream(watchList: WatchList, writer: EventWriter): PumpStreamClient {
    return createPumpStreamClient(
      {
        url: options.wsUrl,
        apiKey: options.apiKey,
        onEvent(event, dedupeKey) {
          totals.lastFrameAt = event.at;
          if (event.kind === 'created') tokensSeen += 1;
          watchList.see(event);
          writer.add(event, dedupeKey);
        },
        onFrame(kind) {
          totals.frames += 1;
          metrics.frames.inc({ venue: 'pumpfun', kind });
        },
        onBad(reason, text) {
          totals.badFrames += 1;
          metrics.badFrames.inc({ venue: 'pumpfun', reason });
          log.warn(
            `frame ${reason}`,
            { reason, frame: text.slice(0, 300) },
            'a PumpPortal frame was passed over',
          );
        },
        onPassedOver(reason) {
          metrics.passedOver.inc({ venue: 'pumpfun', reason });
        },
        onNotice(kind, text) {
          log.warn(`notice ${kind}`, { kind, text: text.slice(0, 300) }, 'PumpPortal said something');
        },
        onState(now) {
          kit.logger[now === 'live' ? 'info' : 'debug']({ venue: 'pumpfun', state: now }, 'venue connection');
        },
        onDropped(cause, detail) {
          metrics.reconnects.inc({ venue: 'pumpfun', cause });
          log.warn(`dropped ${cause}`, { cause, detail }, 'the connection to PumpPortal ended');
        },
      },
      { openSocket: deps.openSocket, clock, random: deps.random },
    );
  }

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
    const stream = openStream(watchList, writer);
    client = stream;

    let remembered = false;
    const tasks = [
      repeat(
        clock,
        HELD_EVERY_MS,
        async () => {
          if (signal.aborted) return;
          if (!remembered) await rememberYoungTokens(watchList);
          remembered = true;
          watchList.hold(await deps.tokens.heldMints());
        },
        onError('reading the tokens held'),
      ),
      repeat(
        clock,
        WATCH_EVERY_MS,
        () => {
          stream.watch(watchList.mints(clock.now()));
          metrics.streams.set({ venue: 'pumpfun' }, stream.watched());
        },
        onError('following tokens'),
      ),
      repeat(
        clock,
        PUBLISH_EVERY_MS,
        () => {
          if (stream.state() === 'live') board.publish(clock.now());
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

    stream.start();
    await scope.ended;
    // The socket first: the successor may open its own as soon as this term has ended (I1).
    await stream.stop();
    await Promise.all(tasks.map((task) => task.stop()));
    await writer.stop();
    metrics.streams.set({ venue: 'pumpfun' }, 0);
    scope.rethrow();
  }

  return {
    lead,
    readiness: () =>
      client?.state() === 'live' ? [] : [`pumpfun: not connected (${client?.state()}, ${options.wsUrl})`],
    figures: () => ({
      tokensSeen,
      watchedTokens: client?.watched() ?? 0,
      followsTrades: client?.followsTrades() ?? false,
      pumpfunFrames: totals.frames,
      pumpfunBadFrames: totals.badFrames,
      pumpfunLastFrameAt: totals.lastFrameAt,
    }),
    sockets: () => client?.sockets() ?? 0,
  };
}
