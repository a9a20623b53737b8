import type { Candle, Timeframe } from '@onefeed/contracts';
import { type ConnectionDeps, createConnection, type DropCause } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/state.ts';
import { type BinanceBadReason, mapFrame, streamName } from './mapper.ts';

/** Streams a connection may carry. */
export const MAX_STREAMS = 1_024;
/** The venue allows 5 messages a second, pongs included; others were cut off at less. */
const SEND_EVERY_MS = 350;
const STREAMS_PER_MESSAGE = 200;
/** The venue pings every 20 s, so a minute without anything is a dead line. */
const SILENCE_MS = 60_000;
const SUBSCRIBE_MS = 15_000;
const BACKOFF = { firstMs: 500, maxMs: 8_000 };
/** Pings may go on while data does not: bars update every 2 s, and a bar without trades is closed on time. */
const DATA_SILENCE_MS = 90_000;

/** A candle stream of the venue. */
export interface BinanceStream {
  instrument: string;
  timeframe: Timeframe;
}

export type BinanceFrameKind = 'candle' | 'acknowledged' | 'refused' | 'shutdown' | 'bad';

export interface BinanceStreamOptions {
  /** `wss://stream.binance.com:9443`, without path. */
  baseUrl: string;
  /** A partial or final bar. `eventTime` is the venue's, `receivedAt` our wall clock; both ms. */
  onCandle(candle: Candle, eventTime: number, receivedAt: number): void;
  /** The venue acknowledged these streams: from now on their bars come. Also after each reconnect. */
  onSubscribed(streams: BinanceStream[]): void;
  onRefused(streams: BinanceStream[], message: string): void;
  onFrame(kind: BinanceFrameKind): void;
  onBad(reason: BinanceBadReason | 'binary', text: string): void;
  onState(state: ConnectionState): void;
  onDropped(cause: DropCause, detail: string): void;
}

export interface BinanceStreamClient {
  /** Opens the socket once a stream is wanted. */
  start(): void;
  stop(): Promise<void>;
  /**
   * Makes these all the streams wanted. Those past the bound of a connection are not taken and returned;
   * streams that are carried already keep their place.
   */
  want(streams: readonly BinanceStream[]): BinanceStream[];
  /** Streams the venue has acknowledged on the present socket. */
  streams(): number;
  state(): ConnectionState;
  sockets(): number;
}

interface Request {
  id: number;
  method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  names: string[];
}

/** One socket for all candle streams, subscribed in few, spaced messages. */
export function createBinanceStreamClient(
  options: BinanceStreamOptions,
  deps: ConnectionDeps,
): BinanceStreamClient {
  const { clock } = deps;
  const wanted = new Map<string, BinanceStream>();
  /** Names the venue was asked for on the present socket, acknowledged or not. */
  const asked = new Set<string>();
  const acknowledged = new Set<string>();
  let outstanding: Request | null = null;
  let nextId = 1;
  let sendableAt = 0;
  let cancelSend: (() => void) | null = null;
  let cancelWatch: (() => void) | null = null;
  let lastDataAt = 0;
  let started = false;

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
        if (state === 'closing' || state === 'backing_off' || state === 'stopping') forgetSocket();
        options.onState(state);
      },
      onDropped: options.onDropped,
    },
    deps,
  );

  function forgetSocket(): void {
    asked.clear();
    acknowledged.clear();
    outstanding = null;
    cancelSend?.();
    cancelSend = null;
    cancelWatch?.();
    cancelWatch = null;
  }

  function receive(text: string): void {
    const receivedAt = clock.now();
    const frame = mapFrame(text);
    options.onFrame(frame.kind);
    switch (frame.kind) {
      case 'candle':
        lastDataAt = receivedAt;
        // A stream that was just given up may still deliver what was on its way.
        if (wanted.has(streamName(frame.candle.instrument, frame.candle.timeframe))) {
          options.onCandle(frame.candle, frame.eventTime, receivedAt);
        }
        return;
      case 'acknowledged':
        if (outstanding?.id === frame.id) settle(outstanding, null);
        return;
      case 'refused':
        if (outstanding) settle(outstanding, frame.message);
        return;
      case 'shutdown':
        // The venue goes down in a moment: a new connection at once, what is missed comes from its history.
        connection.drop('planned', 'the venue announced a shutdown');
        return;
      case 'bad':
        options.onBad(frame.reason, text);
    }
  }

  function settle(request: Request, refusal: string | null): void {
    outstanding = null;
    const streams = request.names.flatMap((name) => wanted.get(name) ?? []);
    if (request.method === 'SUBSCRIBE' && refusal === null) {
      for (const name of request.names) acknowledged.add(name);
      if (streams.length > 0) options.onSubscribed(streams);
    } else if (refusal !== null) {
      options.onRefused(streams, refusal);
    }
    if (pending() === null) connection.subscribed();
    sendNext();
  }

  /** The next message to send; null when the venue knows all that is wanted. */
  function pending(): Omit<Request, 'id'> | null {
    const dropped = [...asked].filter((name) => !wanted.has(name));
    if (dropped.length > 0) return { method: 'UNSUBSCRIBE', names: dropped.slice(0, STREAMS_PER_MESSAGE) };
    const added = [...wanted.keys()].filter((name) => !asked.has(name));
    if (added.length > 0) return { method: 'SUBSCRIBE', names: added.slice(0, STREAMS_PER_MESSAGE) };
    return null;
  }

  function sendNext(): void {
    const state = connection.state();
    if (outstanding !== null || cancelSend !== null || (state !== 'subscribing' && state !== 'live')) return;
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
      else {
        asked.delete(name);
        acknowledged.delete(name);
      }
    }
    sendableAt = clock.now() + SEND_EVERY_MS;
    connection.send(JSON.stringify({ method: next.method, params: next.names, id: outstanding.id }));
    const { id } = outstanding;
    clock.after(SUBSCRIBE_MS, () => {
      if (outstanding?.id === id) connection.drop('no_answer', `${next.method} was not acknowledged`);
    });
  }

  function watchData(): void {
    cancelWatch = clock.after(DATA_SILENCE_MS / 3, () => {
      const hasFastStream = [...acknowledged].some((name) => name.endsWith('_1m'));
      if (hasFastStream && clock.now() - lastDataAt >= DATA_SILENCE_MS) {
        connection.drop('silent', 'heartbeats come, bars do not');
      } else watchData();
    });
  }

  return {
    start() {
      started = true;
      if (wanted.size > 0) connection.start();
    },
    stop() {
      started = false;
      return connection.stop();
    },
    want(streams) {
      const names = new Map(
        streams.map((stream) => [streamName(stream.instrument, stream.timeframe), stream]),
      );
      for (const name of wanted.keys()) if (!names.has(name)) wanted.delete(name);
      const surplus: BinanceStream[] = [];
      for (const [name, stream] of names) {
        if (wanted.has(name)) continue;
        if (wanted.size < MAX_STREAMS) wanted.set(name, stream);
        else surplus.push(stream);
      }
      if (started && wanted.size > 0) connection.start();
      sendNext();
      return surplus;
    },
    streams: () => acknowledged.size,
    state: connection.state,
    sockets: connection.sockets,
  };
}
