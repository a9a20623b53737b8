import { type Bus, createFollower, type Follower, followStream, type Subscription } from '@onefeed/bus';
import {
  BOT_SHARDS,
  type BotEvent,
  BotMessage,
  type Candle,
  ClosedCandles,
  FormingCandles,
  Prices,
  type Signal,
  SignalMessage,
  type StoredCandle,
  type TokenEvent,
  TokenEvents,
  VENUES,
} from '@onefeed/contracts';
import type { BotEventQueries, CandlesRepository, SignalQueries, TokenEventsRepository } from '@onefeed/db';
import { createBackoff } from '@onefeed/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { pause } from '../pause.ts';
import type { BotStreams } from './bot-streams.ts';
import type { CandleStreams } from './candle-streams.ts';
import type { Channels } from './channels.ts';
import type { SignalStreams } from './signal-streams.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** Brings what the other processes tell to the streams: durable ones by cursor, prices and forming candles as they come. */
export interface LiveFeeds {
  /** Keeps trying until the newest cursors could be read. */
  start(): void;
  stop(): Promise<void>;
  /** Why live data does not flow; null when it does. */
  problem(): string | null;
  /** Resolves when everything known of at the call has been applied. */
  settled(): Promise<void>;
}

export function createLiveFeeds(deps: {
  bus: Bus;
  candles: Pick<CandlesRepository, 'readAfterSeq' | 'newestSeq'>;
  tokenEvents: Pick<TokenEventsRepository, 'readAfterSeq' | 'newestSeq'>;
  signals: Pick<SignalQueries, 'readAfter' | 'newestId'>;
  botEvents: BotEventQueries;
  candleStreams: CandleStreams;
  signalStreams: SignalStreams;
  botStreams: BotStreams;
  channels: Channels;
  log: Pick<FastifyBaseLogger, 'warn'>;
  random: () => number;
}): LiveFeeds {
  const subscriptions: Subscription[] = [];
  const followers: Follower<never>[] = [];
  const stopping = new AbortController();
  let started = false;
  let starting: Promise<void> = Promise.resolve();

  const follow = <Row>(followed: {
    channel: 'market' | 'signals' | 'bots';
    stream: string;
    rowsOf: (body: unknown) => readonly Row[] | null;
    start: bigint;
    cursorOf: (row: Row) => bigint;
    readAfter: (cursor: bigint, limit: number) => Promise<Row[]>;
    apply: (rows: Row[]) => void;
  }): void => {
    const follower = createFollower<Row>({
      name: followed.stream,
      start: followed.start,
      cursorOf: followed.cursorOf,
      readAfter: followed.readAfter,
      apply: async (rows) => followed.apply(rows),
      onError: (error) =>
        deps.log.warn({ err: error, stream: followed.stream }, 'a stream could not be read'),
      random: deps.random,
    });
    followers.push(follower as unknown as Follower<never>);
    subscriptions.push(followStream(deps.bus, followed, follower));
    follower.wake();
  };

  const followDurable = async (): Promise<void> => {
    const [candleSeqs, tokenSeq, signalId, eventSeqs] = await Promise.all([
      Promise.all(VENUES.map(async (venue) => ({ venue, seq: BigInt(await deps.candles.newestSeq(venue)) }))),
      deps.tokenEvents.newestSeq(),
      deps.signals.newestId(),
      deps.botEvents.newestSeqs(),
    ]);
    if (stopping.signal.aborted) return;
    for (const { venue, seq } of candleSeqs) {
      follow<StoredCandle>({
        channel: 'market',
        stream: `candles.${venue}`,
        rowsOf: listIn(ClosedCandles, 'candles'),
        start: seq,
        cursorOf: (candle) => BigInt(candle.seq),
        readAfter: (cursor, limit) => deps.candles.readAfterSeq(venue, cursor, limit),
        apply: deps.candleStreams.applyClosed,
      });
    }
    follow<TokenEvent>({
      channel: 'market',
      stream: 'tokens.pumpfun',
      rowsOf: listIn(TokenEvents, 'events'),
      start: BigInt(tokenSeq),
      cursorOf: (event) => BigInt(event.seq),
      readAfter: (cursor, limit) => deps.tokenEvents.readAfterSeq(cursor, limit),
      apply: deps.channels.applyTokenEvents,
    });
    follow<Signal>({
      channel: 'signals',
      stream: 'signals',
      rowsOf: listIn(SignalMessage, 'signals'),
      start: signalId,
      cursorOf: (signal) => BigInt(signal.id),
      readAfter: deps.signals.readAfter,
      apply: deps.signalStreams.apply,
    });
    for (let shard = 0; shard < BOT_SHARDS; shard += 1) {
      follow<BotEvent>({
        channel: 'bots',
        stream: `bots.${shard}`,
        rowsOf: listIn(BotMessage, 'events'),
        start: eventSeqs.get(shard) ?? 0n,
        cursorOf: (event) => BigInt(event.seq),
        readAfter: (cursor, limit) => deps.botEvents.readAfter(shard, cursor, limit),
        apply: deps.botStreams.applyEvents,
      });
    }
    started = true;
  };

  const relayConflated = (): void => {
    const formingIn = listIn<Candle>(FormingCandles, 'candles');
    const prices = Compile(Prices);
    subscriptions.push(
      deps.bus.subscribe('market', {
        onEnvelope: ({ stream, body }) => {
          if (stream.startsWith('forming.')) deps.candleStreams.applyForming(formingIn(body) ?? []);
          else if (stream.startsWith('prices.') && prices.Check(body)) {
            deps.channels.applyPrices(body.venue, body.at, body.prices);
          }
        },
        // What was missed is replaced by the next message.
        onCatchUp: () => {},
      }),
    );
  };

  const startWithRetries = async (): Promise<void> => {
    const backoff = createBackoff({ minMs: FIRST_RETRY_MS, maxMs: LONGEST_RETRY_MS, random: deps.random });
    while (!stopping.signal.aborted) {
      try {
        return await followDurable();
      } catch (error) {
        deps.log.warn({ err: error }, 'the newest cursors could not be read');
        await pause(backoff.nextMs(), stopping.signal);
      }
    }
  };

  return {
    start: () => {
      relayConflated();
      starting = startWithRetries();
    },
    stop: async () => {
      stopping.abort();
      await starting;
      for (const subscription of subscriptions) subscription.unsubscribe();
      await Promise.all(followers.map((follower) => follower.stop()));
    },
    problem: () => (started ? null : 'live data is not followed yet'),
    settled: async () => {
      await starting;
      await Promise.all(followers.map((follower) => follower.settled()));
    },
  };
}

/** Reads a list out of a message of that schema; null when the body is something else: the table is read then. */
function listIn<Row>(schema: TSchema, field: string): (body: unknown) => readonly Row[] | null {
  const validator = Compile(schema);
  return (body) => (validator.Check(body) ? ((body as Record<string, unknown>)[field] as Row[]) : null);
}
