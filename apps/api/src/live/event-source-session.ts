import type { ServerResponse } from 'node:http';
import type { Caller } from '../http/caller.ts';
import type { Channels } from './channels.ts';
import type { LiveMessage } from './live-message.ts';
import type { LiveSession } from './live-session.ts';
import type { LiveStream, StreamSnapshot } from './live-stream.ts';
import { createReader, type Outlet, type Reader } from './reader.ts';

/** A session that was sent no data for this long ends. */
export const IDLE_LIMIT_MS = 1_800_000;
const HEARTBEAT_MS = 15_000;

/** Texts that every SSE client of a message gets, made once. */
const texts = new WeakMap<object, string>();

/** One client of /api/trading-shared: events `snapshot` and `data`, both `{channel, data}`. */
export function createEventSourceSession(deps: {
  response: ServerResponse;
  caller: Caller | null;
  ip: string;
  channelNames: readonly string[];
  channels: Pick<Channels, 'open'>;
  now: () => number;
  onFailure: (error: unknown) => void;
  onEnd: (session: LiveSession) => void;
}): LiveSession & { start(): Promise<void> } {
  const { response, caller, now } = deps;
  const readers = new Map<string, Reader>();
  let ended = false;
  let sentAt = now();
  let beatAt = now();

  const write = (text: string): void => {
    if (ended) return;
    sentAt = now();
    response.write(text);
  };
  const end = (event: string): void => {
    if (ended) return;
    response.write(`event: ${event}\ndata: {}\n\n`);
    release();
    response.end();
  };
  const release = (): void => {
    if (ended) return;
    ended = true;
    for (const reader of readers.values()) reader.leave();
    readers.clear();
    deps.onEnd(session);
  };

  const outlet: Outlet = {
    message: (stream, message) => write(messageText(stream, message)),
    snapshot: (stream, snapshot) => write(snapshotText(stream, snapshot)),
    recovered: () => {},
    unsentBytes: () => response.writableLength,
    tooSlow: () => {
      release();
      response.destroy();
    },
  };

  const join = async (name: string): Promise<void> => {
    const opened = await deps.channels.open(name, caller);
    if (ended || 'refused' in opened) return;
    const reader = createReader(opened.stream, outlet);
    readers.set(name, reader);
    await reader.join(undefined);
  };

  const session = {
    kind: 'sse' as const,
    caller,
    ip: deps.ip,
    subscriptions: () => readers.size,
    candleSubscriptions: () => {
      let count = 0;
      for (const channel of readers.keys()) if (channel.startsWith('candles:')) count += 1;
      return count;
    },
    audienceChanged: () => {
      deps.channels
        .open('signals', caller)
        .then(async (opened) => {
          const current = readers.get('signals');
          if (ended || !current || 'refused' in opened || opened.stream === current.stream) return;
          current.leave();
          await join('signals');
        })
        .catch((error: unknown) => {
          deps.onFailure(error);
          end('restart');
        });
    },
    close: () => end('restart'),
    sweep: (nowMs: number) => {
      if (caller && nowMs >= caller.expiresAt) return end('token_expired');
      if (nowMs - sentAt > IDLE_LIMIT_MS) return end('idle');
      for (const reader of readers.values()) reader.flush();
      if (nowMs - beatAt < HEARTBEAT_MS) return;
      beatAt = nowMs;
      // A comment: it keeps proxies from closing the connection and is not data.
      response.write(': heartbeat\n\n');
    },
    start: async () => {
      response.on('close', release);
      response.on('error', release);
      try {
        for (const name of deps.channelNames) {
          if (ended) return;
          await join(name);
        }
      } catch (error) {
        // A part would look like the whole. The client asks again after the `retry` it was told.
        deps.onFailure(error);
        end('restart');
      }
    },
  };
  return session;
}

function messageText(stream: LiveStream, message: LiveMessage): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = `event: data\nid: ${message.offset}\ndata: {"channel":${JSON.stringify(stream.channel)},"data":${message.dataText()}}\n\n`;
  texts.set(message, text);
  return text;
}

function snapshotText(stream: LiveStream, snapshot: StreamSnapshot): string {
  const known = texts.get(snapshot);
  if (known !== undefined) return known;
  const data = JSON.stringify({ channel: stream.channel, data: snapshot.data });
  const text = `event: snapshot\nid: ${snapshot.offset}\ndata: ${data}\n\n`;
  texts.set(snapshot, text);
  return text;
}
