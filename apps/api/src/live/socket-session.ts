import {
  CLOSE_CODES,
  ClientMessage,
  ERROR_CATALOGUE,
  type ErrorCode,
  type StreamPosition,
} from '@onefeed/contracts';
import { Compile } from 'typebox/compile';
import type { RawData, WebSocket } from 'ws';
import type { Caller } from '../http/caller.ts';
import type { Channels } from './channels.ts';
import { createFrameWriter } from './frame-writer.ts';
import type { LiveSession } from './live-session.ts';
import { createMessageAllowance } from './message-allowance.ts';
import { createReader, type Outlet, type Reader, TOO_SLOW_BYTES } from './reader.ts';
import { textFrame } from './text-frame.ts';

/** Channels one connection may read. */
export const MAX_CHANNELS = 64;
const PING_AFTER_MS = 25_000;
const SILENCE_LIMIT_MS = 60_000;

const clientMessage = Compile(ClientMessage);

/** One client of /api/ws. Everything it gets goes through one writer, in order. */
export function createSocketSession(deps: {
  webSocket: WebSocket;
  caller: Caller;
  ip: string;
  channels: Pick<Channels, 'open'>;
  now: () => number;
  onFailure: (error: unknown) => void;
  onEnd: (session: LiveSession) => void;
}): LiveSession {
  const { webSocket, caller, now } = deps;
  const writer = createFrameWriter(webSocket);
  const allowance = createMessageAllowance(now);
  const readers = new Map<string, Reader>();
  /** Subscribes and unsubscribes of a channel are carried out in the order they came. */
  let work: Promise<void> = Promise.resolve();
  let waitingWork = 0;
  /** Goes on with a subscribe that waits for the client to read. */
  let resume: (() => void) | null = null;
  let slow = false;
  let ended = false;
  let heardAt = now();
  let pingedAt = now();

  const say = (message: object): void => writer.write(textFrame(JSON.stringify(message)));
  const refuse = (code: ErrorCode, channel?: string): void =>
    say({
      op: 'error',
      code,
      message: ERROR_CATALOGUE[code].message,
      ...(channel === undefined ? {} : { channel }),
    });
  const end = (code: number, reason: string): void => {
    if (ended) return;
    release();
    webSocket.close(code, reason);
  };

  const release = (): void => {
    if (ended) return;
    ended = true;
    resume?.();
    for (const reader of readers.values()) reader.leave();
    readers.clear();
    deps.onEnd(session);
  };

  const outlet: Outlet = {
    message: (_stream, message) => writer.write(message.frame()),
    snapshot: (_stream, snapshot) => writer.write(snapshot.frame()),
    recovered: (stream, position) =>
      say({ op: 'subscribed', channel: stream.channel, ...position, recovered: true }),
    unsentBytes: writer.unsentBytes,
    tooSlow: () => {
      slow = true;
      end(CLOSE_CODES.tooSlow, 'too slow');
    },
  };

  /** A client that reads nothing is sent no more state, however often it asks; its questions wait, and are bounded. */
  const caughtUp = async (): Promise<void> => {
    while (!ended && writer.unsentBytes() > TOO_SLOW_BYTES) {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    }
  };

  const subscribe = async (channel: string, since: StreamPosition | undefined): Promise<void> => {
    await caughtUp();
    if (ended) return;
    if (!readers.has(channel) && readers.size >= MAX_CHANNELS) return refuse('LIMIT_REACHED', channel);
    const opened = await deps.channels.open(channel, caller);
    if (ended) return;
    if ('refused' in opened) return refuse(opened.refused, channel);
    readers.get(channel)?.leave();
    const reader = createReader(opened.stream, outlet);
    readers.set(channel, reader);
    try {
      await reader.join(since);
    } catch (error) {
      reader.leave();
      readers.delete(channel);
      throw error;
    }
  };

  const unsubscribe = (channel: string): void => {
    readers.get(channel)?.leave();
    readers.delete(channel);
    say({ op: 'unsubscribed', channel });
  };

  const enqueue = (channel: string, act: () => Promise<void> | void): void => {
    waitingWork += 1;
    work = work
      .then(act)
      .catch((error: unknown) => {
        deps.onFailure(error);
        refuse('DEGRADED', channel);
      })
      .finally(() => {
        waitingWork -= 1;
      });
  };

  const onMessage = (data: RawData, isBinary: boolean): void => {
    heardAt = now();
    if (ended) return;
    const message = isBinary ? undefined : parse(String(data));
    if (!clientMessage.Check(message)) {
      end(CLOSE_CODES.badMessage, 'bad message');
      return;
    }
    if (!allowance.take() || waitingWork > 4 * MAX_CHANNELS) {
      refuse('RATE_LIMITED');
      end(CLOSE_CODES.badMessage, 'too many messages');
      return;
    }
    if (message.op === 'ping') {
      say({ op: 'pong', at: now() });
      return;
    }
    for (const channel of new Set(message.channels)) {
      if (message.op === 'unsubscribe') enqueue(channel, () => unsubscribe(channel));
      else enqueue(channel, () => subscribe(channel, message.since?.[channel]));
    }
  };

  const session: LiveSession = {
    kind: 'socket',
    caller,
    ip: deps.ip,
    subscriptions: () => readers.size,
    candleSubscriptions: () => {
      let count = 0;
      for (const channel of readers.keys()) if (channel.startsWith('candles:')) count += 1;
      return count;
    },
    audienceChanged: () => {
      const current = readers.get('signals');
      if (!current) return;
      enqueue('signals', async () => {
        const opened = await deps.channels.open('signals', caller);
        if ('stream' in opened && opened.stream !== readers.get('signals')?.stream)
          await subscribe('signals', undefined);
      });
    },
    close: () => end(CLOSE_CODES.restart, 'restart'),
    sweep: (nowMs) => {
      if (nowMs >= caller.expiresAt) return end(CLOSE_CODES.tokenExpired, 'token expired');
      if (nowMs - heardAt > SILENCE_LIMIT_MS) {
        release();
        return webSocket.terminate();
      }
      if (nowMs - heardAt > PING_AFTER_MS && nowMs - pingedAt > PING_AFTER_MS) {
        pingedAt = nowMs;
        webSocket.ping();
      }
      for (const reader of readers.values()) reader.flush();
      resume?.();
    },
  };

  webSocket.on('message', onMessage);
  webSocket.on('pong', () => {
    heardAt = now();
  });
  webSocket.on('error', () => {});
  webSocket.on('close', release);
  webSocket.once('close', () => {
    if (slow) deps.onFailure(new Error('A client was closed because it read too slowly.'));
  });
  return session;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
