import type { RawData, WebSocket } from 'ws';
import { parseControlFrame, resultText } from './control-frame.ts';
import type { EventForm, KlineEvent } from './kline-event.ts';
import type { FeedSubscriber, KlineFeed } from './kline-feed.ts';

export const MAX_STREAMS = 1_024;
const MAX_MESSAGES_PER_SECOND = 5;
/** A client that does not read is cut off here rather than buffered for. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const CLOSE_POLICY = 1008;

export interface KeepAlive {
  pingEveryMs: number;
  pongTimeoutMs: number;
  /** The venue ends every connection at this age. */
  lifetimeMs: number;
}

/** What the venue promises: a ping every 20 s, a pong within a minute, at most 24 h. */
export const BINANCE_KEEP_ALIVE: KeepAlive = {
  pingEveryMs: 20_000,
  pongTimeoutMs: 60_000,
  lifetimeMs: 24 * 3_600_000,
};

export interface StreamConnectionDeps {
  feed: KlineFeed;
  keepAlive: KeepAlive;
  /** Wall time, ms. */
  wallNow: () => number;
  /** Whether data frames are withheld now: of the whole venue or of this stream. */
  isSilent: (stream: string) => boolean;
  /** Whether the venue's side of the connection is as if unplugged. */
  isGone: (socket: WebSocket) => boolean;
  onFrame(kind: 'partial' | 'final' | 'reply'): void;
  onViolation(kind: string): void;
}

export interface StreamConnection {
  readonly openedAt: number;
  readonly streams: ReadonlySet<string>;
  readonly form: Readonly<EventForm>;
  announceShutdown(eventTime: number): void;
}

/** Serves one client of `/ws` or `/stream` until its socket closes. */
export function serveStreamConnection(
  deps: StreamConnectionDeps,
  socket: WebSocket,
  form: EventForm,
  streams: readonly string[],
): StreamConnection {
  const { feed, keepAlive, wallNow } = deps;
  const subscribed = new Set<string>();
  const inboundAt: number[] = [];
  const openedAt = wallNow();
  let pongAt = openedAt;

  const subscriber: FeedSubscriber = {
    deliver(event: KlineEvent) {
      if (socket.readyState !== socket.OPEN || deps.isGone(socket) || deps.isSilent(event.stream)) return;
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
      socket.send(event.text(form));
      deps.onFrame(event.isFinal ? 'final' : 'partial');
    },
  };

  function reply(text: string): void {
    if (socket.readyState !== socket.OPEN || deps.isGone(socket)) return;
    socket.send(text);
    deps.onFrame('reply');
  }

  /** The venue's reaction to stream 1,025 is not documented; refusing by close is the strictest. */
  function subscribe(names: readonly string[]): boolean {
    const added = new Set(names.filter((name) => !subscribed.has(name)));
    if (subscribed.size + added.size > MAX_STREAMS) {
      deps.onViolation('too many streams');
      socket.close(CLOSE_POLICY, 'Too many streams');
      return false;
    }
    for (const name of added) {
      subscribed.add(name);
      feed.subscribe(name, subscriber);
    }
    return true;
  }

  function unsubscribe(names: Iterable<string>): void {
    for (const name of names) {
      if (subscribed.delete(name)) feed.unsubscribe(name, subscriber);
    }
  }

  /** PING, PONG and JSON frames all count: more than five within a second end the connection. */
  function countInbound(): boolean {
    const now = wallNow();
    while (inboundAt.length > 0 && now - (inboundAt[0] ?? 0) >= 1_000) inboundAt.shift();
    inboundAt.push(now);
    if (inboundAt.length <= MAX_MESSAGES_PER_SECOND) return true;
    deps.onViolation('too many messages');
    socket.close(CLOSE_POLICY, 'Too many requests');
    return false;
  }

  function onMessage(data: RawData) {
    if (socket.readyState !== socket.OPEN || deps.isGone(socket) || !countInbound()) return;
    const parsed = parseControlFrame(data.toString());
    if ('errorText' in parsed) return reply(parsed.errorText);
    const { request } = parsed;
    switch (request.method) {
      case 'SUBSCRIBE':
        if (!subscribe(request.streams)) return;
        return reply(resultText(null, request.id));
      case 'UNSUBSCRIBE':
        unsubscribe(request.streams);
        return reply(resultText(null, request.id));
      case 'LIST_SUBSCRIPTIONS':
        return reply(resultText([...subscribed], request.id));
      case 'SET_PROPERTY':
        form.combined = request.combined;
        return reply(resultText(null, request.id));
      case 'GET_PROPERTY':
        return reply(resultText(form.combined, request.id));
    }
  }

  const pinger = setInterval(() => {
    if (deps.isGone(socket)) return;
    if (wallNow() - pongAt > keepAlive.pongTimeoutMs) return socket.close(CLOSE_POLICY, 'Pong timeout');
    if (socket.readyState === socket.OPEN) socket.ping(String(Math.floor(wallNow())));
  }, keepAlive.pingEveryMs);
  const endOfLife = setTimeout(() => socket.terminate(), keepAlive.lifetimeMs);

  socket.on('message', onMessage);
  socket.on('ping', countInbound);
  socket.on('pong', () => {
    pongAt = wallNow();
    countInbound();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(pinger);
    clearTimeout(endOfLife);
    unsubscribe([...subscribed]);
  });
  subscribe(streams);
  return {
    openedAt,
    streams: subscribed,
    form,
    announceShutdown(eventTime) {
      const data = `{"e":"serverShutdown","E":${form.microseconds ? eventTime * 1_000 : eventTime}}`;
      reply(form.combined ? `{"stream":"!serverShutdown","data":${data}}` : data);
    },
  };
}
