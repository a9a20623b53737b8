import { createLiveStream, type LiveStream, type StreamKind } from './live-stream.ts';

/** Streams that may exist at once (I10); beyond it no new channel is opened. */
const MAX_STREAMS = 50_000;
/** How long a stream nobody reads is kept, so that a client that reconnects can resume. */
const LINGER_MS = 60_000;

/** What makes a stream that does not exist yet. `key` tells apart streams of one channel name (per user). */
export interface StreamDefinition {
  key: string;
  channel: string;
  kind: StreamKind;
  readSnapshot: () => Promise<unknown>;
}

export interface Hub {
  /** The stream of that key, made when it does not exist; null at the bound. */
  open(definition: StreamDefinition): LiveStream | null;
  find(key: string): LiveStream | null;
  all(): ReadonlyMap<string, LiveStream>;
  /** Once a second: forgets streams nobody has read for a minute. Returns their keys. */
  sweep(nowMs: number): string[];
}

/** All channels of this process. A stream exists while it is read, and a minute longer. */
export function createHub(options: {
  epoch: string;
  now: () => number;
  onDelivered: (kind: StreamKind, readers: number) => void;
}): Hub {
  const streams = new Map<string, LiveStream>();
  const unreadSince = new Map<string, number>();

  return {
    open: ({ key, channel, kind, readSnapshot }) => {
      const existing = streams.get(key);
      if (existing) return existing;
      if (streams.size >= MAX_STREAMS) return null;
      const stream = createLiveStream({
        channel,
        kind,
        epoch: options.epoch,
        readSnapshot,
        now: options.now,
        onDelivered: (readers) => options.onDelivered(kind, readers),
      });
      streams.set(key, stream);
      return stream;
    },
    find: (key) => streams.get(key) ?? null,
    all: () => streams,
    sweep: (nowMs) => {
      const forgotten: string[] = [];
      for (const [key, stream] of streams) {
        if (stream.readers.size > 0) {
          unreadSince.delete(key);
          continue;
        }
        const since = unreadSince.get(key) ?? nowMs;
        unreadSince.set(key, since);
        if (nowMs - since < LINGER_MS) continue;
        streams.delete(key);
        unreadSince.delete(key);
        forgotten.push(key);
      }
      return forgotten;
    },
  };
}
