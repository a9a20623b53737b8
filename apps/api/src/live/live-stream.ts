import type { StreamPosition } from '@onefeed/contracts';
import { createLiveMessage, type LiveMessage } from './live-message.ts';
import { createMessageRing } from './message-ring.ts';
import { textFrame } from './text-frame.ts';

/** `state`: only the latest counts, slow readers get it conflated. `event`: each message counts. */
export type StreamKind = 'state' | 'event';

/** Who reads a stream. Called for each message in order; must not throw. */
export interface StreamReader {
  receive(message: LiveMessage): void;
  /** All that was known of the channel is replaced; messages before it were not lost but superseded. */
  replace(snapshot: StreamSnapshot): void;
}

/** The state of a channel at an offset, with its `subscribed` message framed once. */
export interface StreamSnapshot {
  offset: number;
  data: unknown;
  frame(): Buffer;
}

/** One channel's messages and readers. */
export interface LiveStream {
  readonly channel: string;
  readonly kind: StreamKind;
  readonly readers: Set<StreamReader>;
  position(): StreamPosition;
  /** Milliseconds of the last message; null before the first. */
  lastMessageAt(): number | null;
  publish(data: unknown, conflationKey?: string | null): void;
  /** After a change too large or too old to tell in messages: every reader gets the state anew. */
  republish(data: unknown): void;
  /** All messages after a position, or null: then only a snapshot helps. Never a part. */
  missedSince(position: StreamPosition): readonly LiveMessage[] | null;
  /** Position first, then state: a message between the two is in both and never in neither. */
  snapshot(): Promise<StreamSnapshot>;
}

/** Milliseconds a snapshot is shared when no message comes: not all that changes a state is told in messages. */
const SNAPSHOT_FRESH_MS = 1_000;

export interface LiveStreamOptions {
  channel: string;
  kind: StreamKind;
  /** Changes with every process life: offsets of another life mean nothing. */
  epoch: string;
  /** Reads the state now. Answers are shared for a second by readers who ask at the same offset. */
  readSnapshot: () => Promise<unknown>;
  now: () => number;
  onDelivered: (readers: number) => void;
}

export function createLiveStream(options: LiveStreamOptions): LiveStream {
  const { channel, kind, epoch } = options;
  const ring = createMessageRing();
  const readers = new Set<StreamReader>();
  let offset = 0;
  let lastMessageAt: number | null = null;
  let cached: { offset: number; readAt: number; snapshot: Promise<StreamSnapshot> } | null = null;

  const toSnapshot = (at: number, data: unknown): StreamSnapshot => {
    let frame: Buffer | null = null;
    return {
      offset: at,
      data,
      frame: () => {
        frame ??= textFrame(JSON.stringify({ op: 'subscribed', channel, epoch, offset: at, snapshot: data }));
        return frame;
      },
    };
  };

  return {
    channel,
    kind,
    readers,
    position: () => ({ epoch, offset }),
    lastMessageAt: () => lastMessageAt,
    publish: (data, conflationKey = null) => {
      offset += 1;
      lastMessageAt = options.now();
      cached = null;
      const message = createLiveMessage(channel, epoch, offset, data, conflationKey);
      ring.push(message);
      for (const reader of readers) reader.receive(message);
      options.onDelivered(readers.size);
    },
    republish: (data) => {
      offset += 1;
      lastMessageAt = options.now();
      ring.clear();
      const snapshot = toSnapshot(offset, data);
      cached = { offset, readAt: lastMessageAt, snapshot: Promise.resolve(snapshot) };
      for (const reader of readers) reader.replace(snapshot);
      options.onDelivered(readers.size);
    },
    missedSince: (position) => (position.epoch === epoch ? ring.after(position.offset, offset) : null),
    snapshot: () => {
      const readAt = options.now();
      if (cached?.offset === offset && readAt - cached.readAt < SNAPSHOT_FRESH_MS) return cached.snapshot;
      const at = offset;
      const snapshot = options.readSnapshot().then((data) => toSnapshot(at, data));
      const entry = { offset: at, readAt, snapshot };
      cached = entry;
      snapshot.catch(() => {
        if (cached === entry) cached = null;
      });
      return snapshot;
    },
  };
}
