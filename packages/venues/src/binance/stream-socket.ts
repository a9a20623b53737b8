import type { Candle } from '@onefeed/contracts';
import { type ConnectionDeps, createConnection, type DropCause } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/state.ts';
import { type BinanceStream, nameOf } from './binance-stream.ts';
import { type BinanceBadReason, mapFrame, streamName } from './mapper.ts';
import { createStreamWatch } from './stream-watch.ts';

/** The venue allows 5 messages a second, pongs included; others were cut off at less. */
const SEND_EVERY_MS = 350;
const STREAMS_PER_MESSAGE = 200;
/** The venue pings every 20 s, so a minute without anything is a dead line. */
const SILENCE_MS = 60_000;
const SUBSCRIBE_MS = 15_000;
const BACKOFF = { firstMs: 500, maxMs: 8_000 };
/** Pings may go on while data does not: bars update every 2 s, and a bar without trades is closed on time. */
const DATA_SILENCE_MS = 90_000;
/** One silent stream costs all others a reconnect, so not more often than this. */
const RECONNECT_FOR_ONE_EVERY_MS = 60_000;
/** Refused streams are asked for again after this long. */
const REFUSED_RETRY_MS = 30_000;

export type BinanceFrameKind = 'candle' | 'acknowledged' | 'refused' | 'shutdown' | 'bad';

/** What a socket and those above it tell of frames. */
export interface BinanceFrameHandlers {
  /** A partial or final bar of the stream `name`. `eventTime` is the venue's, `receivedAt` our wall clock; both ms. */
  onCandle(candle: Candle, eventTime: number, receivedAt: number, name: string): void;
  /** The venue acknowledged these streams: from now on their bars come. Also after each reconnect. */
  onSubscribed(streams: BinanceStream[]): void;
  onRefused(streams: BinanceStream[], message: string): void;
  onFrame(kind: BinanceFrameKind): void;
  onBad(reason: BinanceBadReason | 'binary', text: string): void;
  onDropped(cause: DropCause, detail: string): void;
  /** These streams were silent and are subscribed anew. */
  onRenewed(streams: BinanceStream[]): void;
}

export interface StreamSocketOptions extends BinanceFrameHandlers {
  /** `wss://stream.binance.com:9443`, without path. */
  baseUrl: string;
  /** The streams that are wanted now, by name; read, never changed. */
  wanted: ReadonlyMap<string, BinanceStream>;
  onState(state: ConnectionState): void;
  /** The venue announced that it goes down; false when nobody takes over. */
  onShutdown(): boolean;
}

/** One connection with the streams it carries. */
export interface StreamSocket {
  start(): void;
  stop(): Promise<void>;
  drain(): void;
  /** `wanted` has changed. */
  changed(): void;
  /** The history has a bar that this stream did not bring. */
  missed(name: string): void;
  /** Whether the venue acknowledged the stream on the present socket. */
  carries(name: string): boolean;
  streams(): number;
  state(): ConnectionState;
  sockets(): number;
}

interface Request {
  id: number;
  method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  names: string[];
}

/** Subscribes all wanted streams in few, spaced messages, again after each reconnect, and watches their silence. */
export function createStreamSocket(options: StreamSocketOptions, deps: ConnectionDeps): StreamSocket {
  const { clock } = deps;
  const { wanted } = options;
  const watch = createStreamWatch();
  /** Names the venue was asked for on the present socket, acknowledged or not. */
  const asked = new Set<string>();
  const acknowledged = new Set<string>();
  /** Silent streams that are unsubscribed first and then asked for anew. */
  const renewing = new Set<string>();
  /** Streams that were silent and have not spoken since. */
  const silent = new Set<string>();
  /** Streams whose request the venue refused. */
  const refused = new Set<string>();
  let outstanding: Request | null = null;
  let nextId = 1;
  let sendableAt = 0;
  let cancelSend: (() => void) | null = null;
  let cancelWatch: (() => void) | null = null;
  let cancelAnswer: (() => void) | null = null;
  let cancelRetry: (() => void) | null = null;
  let lastDataAt = 0;
  let reconnectedForOneAt = Number.NEGATIVE_INFINITY;

  const connection = createConnection(
    {
      url: `${options.baseUrl.replace(/\/+$/, '')}/stream`,
      silenceMs: SILENCE_MS,
      subscribeMs: SUBSCRIBE_MS,
      pingEveryMs: null,
      backoff: BACKOFF,
      onOpened() {
        lastDataAt = clock.now();
        watchData();
        sendNext();
      },
      onText: receive,
      onBinary: () => options.onBad('binary', ''),
      onState(state) {
        const over = state === 'closing' || state === 'backing_off' || state === 'stopping';
        if (over || state === 'stopped') forgetSocket();
        options.onState(state);
      },
      onDropped: options.onDropped,
    },
    deps,
  );

  function forgetSocket(): void {
    for (const names of [asked, acknowledged, renewing, silent, refused]) names.clear();
    watch.clear();
    outstanding = null;
    for (const cancel of [cancelSend, cancelWatch, cancelAnswer, cancelRetry]) cancel?.();
    cancelRetry = null;
    cancelSend = null;
    cancelWatch = null;
    cancelAnswer = null;
  }

  function receive(text: string): void {
    const receivedAt = clock.now();
    const frame = mapFrame(text);
    options.onFrame(frame.kind);
    switch (frame.kind) {
      case 'candle': {
        lastDataAt = receivedAt;
        const name = streamName(frame.candle.instrument, frame.candle.timeframe);
        watch.heard(name, receivedAt);
        if (silent.delete(name) && silent.size === 0) connection.refreshed();
        // A stream that was just given up may still deliver what was on its way.
        if (wanted.has(name)) options.onCandle(frame.candle, frame.eventTime, receivedAt, name);
        return;
      }
      case 'acknowledged':
        if (outstanding?.id === frame.id) settle(outstanding, null);
        return;
      case 'refused':
        if (outstanding) settle(outstanding, frame.message);
        return;
      case 'shutdown':
        if (!options.onShutdown()) connection.drop('planned', 'the venue announced a shutdown');
        return;
      case 'bad':
        options.onBad(frame.reason, text);
    }
  }

  function settle(request: Request, refusal: string | null): void {
    outstanding = null;
    cancelAnswer?.();
    const streams = request.names.flatMap((name) => wanted.get(name) ?? []);
    if (refusal !== null) {
      options.onRefused(streams, refusal);
      if (request.method === 'SUBSCRIBE') askAgainLater(request.names);
    } else if (request.method === 'SUBSCRIBE') {
      for (const name of request.names) acknowledged.add(name);
      for (const stream of streams) watch.begin(stream, clock.now());
      if (streams.length > 0) options.onSubscribed(streams);
    }
    if (pending() === null) connection.subscribed();
    sendNext();
  }

  /** An error frame names no request: it may have been meant for another, and to subscribe twice does no harm. */
  function askAgainLater(names: readonly string[]): void {
    for (const name of names) refused.add(name);
    cancelRetry ??= clock.after(REFUSED_RETRY_MS, () => {
      cancelRetry = null;
      for (const name of refused) asked.delete(name);
      refused.clear();
      sendNext();
    });
  }

  /** The next message to send; null when the venue knows all that is wanted. */
  function pending(): Omit<Request, 'id'> | null {
    const dropped = [...asked].filter((name) => !wanted.has(name) || renewing.has(name));
    if (dropped.length > 0) return { method: 'UNSUBSCRIBE', names: dropped.slice(0, STREAMS_PER_MESSAGE) };
    const added = [...wanted.keys()].filter((name) => !asked.has(name));
    if (added.length > 0) return { method: 'SUBSCRIBE', names: added.slice(0, STREAMS_PER_MESSAGE) };
    return null;
  }

  function sendNext(): void {
    const state = connection.state();
    const open = state === 'subscribing' || state === 'live' || state === 'stale';
    if (outstanding !== null || cancelSend !== null || !open) return;
    const next = pending();
    if (next === null) return;
    const waitMs = sendableAt - clock.now();
    if (waitMs > 0) {
      cancelSend = clock.after(waitMs, () => {
        cancelSend = null;
        sendNext();
      });
      return;
    }
    outstanding = { id: nextId++, ...next };
    for (const name of next.names) {
      if (next.method === 'SUBSCRIBE') asked.add(name);
      else forgetStream(name);
    }
    sendableAt = clock.now() + SEND_EVERY_MS;
    connection.send(JSON.stringify({ method: next.method, params: next.names, id: outstanding.id }));
    cancelAnswer = clock.after(SUBSCRIBE_MS, () =>
      connection.drop('no_answer', `${next.method} was not acknowledged`),
    );
  }

  function forgetStream(name: string): void {
    asked.delete(name);
    acknowledged.delete(name);
    // One that is renewed stays watched: how often that was in vain is remembered.
    if (renewing.delete(name)) return;
    watch.end(name);
    if (silent.delete(name) && silent.size === 0) connection.refreshed();
  }

  function renew(names: readonly string[]): void {
    const streams = names.flatMap((name) => (acknowledged.has(name) ? (wanted.get(name) ?? []) : []));
    if (streams.length === 0) return;
    for (const stream of streams) {
      renewing.add(nameOf(stream));
      silent.add(nameOf(stream));
    }
    connection.silenced();
    options.onRenewed(streams);
    sendNext();
  }

  function watchData(): void {
    cancelWatch = clock.after(DATA_SILENCE_MS / 3, () => {
      const now = clock.now();
      const hasFastStream = [...acknowledged].some((name) => name.endsWith('_1m'));
      if (hasFastStream && now - lastDataAt >= DATA_SILENCE_MS) {
        connection.drop('silent', 'heartbeats come, bars do not');
        return;
      }
      renew(watch.silent(now));
      watchData();
    });
  }

  return {
    start: () => connection.start(),
    stop: () => connection.stop(),
    drain: () => connection.drain(),
    changed: sendNext,
    missed(name) {
      if (!acknowledged.has(name)) return;
      const needed = watch.missed(name);
      if (needed === 'renew') return renew([name]);
      const now = clock.now();
      if (needed === 'nothing' || now - reconnectedForOneAt < RECONNECT_FOR_ONE_EVERY_MS) return;
      reconnectedForOneAt = now;
      connection.drop('silent', `${name} stayed silent although it was subscribed anew`);
    },
    carries: (name) => acknowledged.has(name),
    streams: () => acknowledged.size,
    state: connection.state,
    sockets: connection.sockets,
  };
}
