import type { StreamPosition } from '@onefeed/contracts';
import type { LiveMessage } from './live-message.ts';
import type { LiveStream, StreamReader, StreamSnapshot } from './live-stream.ts';

/** Above this many unsent bytes a reader of a state channel is slow: it gets the latest once it has caught up. */
export const SLOW_BYTES = 65_536;
/** Above this many unsent bytes a reader of an event channel is let go (3008): it can resume. */
export const TOO_SLOW_BYTES = 1_048_576;
/** Waiting states of a slow reader; beyond it the whole state is sent instead. */
const MAX_CONFLATED = 16;
const MAX_JOIN_TRIES = 5;

/** Where a reader's messages go: a socket or an SSE response. */
export interface Outlet {
  message(stream: LiveStream, message: LiveMessage): void;
  snapshot(stream: LiveStream, snapshot: StreamSnapshot): void;
  /** All that was missed follows. */
  recovered(stream: LiveStream, position: StreamPosition): void;
  unsentBytes(): number;
  /** The reader cannot keep up. */
  tooSlow(): void;
}

/** One client's reading of one stream. */
export interface Reader extends StreamReader {
  readonly stream: LiveStream;
  /** Sends what was missed since a position, or a snapshot; then every message. Rejects when the state cannot be read. */
  join(since: StreamPosition | undefined): Promise<void>;
  /** Sends what waits, once the client has caught up. True when nothing waits any more. */
  flush(): boolean;
  leave(): void;
}

/** Joins without gap or disorder: while the state is read, messages wait in the stream's ring. */
export function createReader(stream: LiveStream, outlet: Outlet): Reader {
  let joined = false;
  let left = false;
  let waiting: Map<string, LiveMessage> | 'snapshot' | null = null;
  /** Counts joins, so that an older one that still waits for its state gives up. */
  let joins = 0;

  const sendSnapshot = async (): Promise<void> => {
    joined = false;
    joins += 1;
    const mine = joins;
    for (let tries = 0; tries < MAX_JOIN_TRIES; tries += 1) {
      const snapshot = await stream.snapshot();
      if (left || mine !== joins) return;
      const missed = stream.missedSince({ ...stream.position(), offset: snapshot.offset });
      // So much happened while the state was read that the ring has turned over.
      if (missed === null) continue;
      outlet.snapshot(stream, snapshot);
      for (const message of missed) outlet.message(stream, message);
      joined = true;
      return;
    }
    outlet.tooSlow();
  };

  const reader: Reader = {
    stream,
    join: async (since) => {
      stream.readers.add(reader);
      const missed = since ? stream.missedSince(since) : null;
      if (since && missed) {
        outlet.recovered(stream, since);
        for (const message of missed) outlet.message(stream, message);
        joined = true;
        return;
      }
      await sendSnapshot();
    },
    receive: (message) => {
      if (!joined) return;
      if (stream.kind === 'event') {
        outlet.message(stream, message);
        if (outlet.unsentBytes() > TOO_SLOW_BYTES) outlet.tooSlow();
        return;
      }
      if (waiting === null && outlet.unsentBytes() <= SLOW_BYTES) {
        outlet.message(stream, message);
        return;
      }
      if (waiting === 'snapshot') return;
      if (message.conflationKey === null) {
        waiting = 'snapshot';
        return;
      }
      waiting ??= new Map();
      // Kept in order of arrival.
      waiting.delete(message.conflationKey);
      waiting.set(message.conflationKey, message);
      if (waiting.size > MAX_CONFLATED) waiting = 'snapshot';
    },
    replace: (snapshot) => {
      if (!joined) return;
      if (outlet.unsentBytes() > SLOW_BYTES) {
        waiting = 'snapshot';
        return;
      }
      waiting = null;
      outlet.snapshot(stream, snapshot);
    },
    flush: () => {
      if (waiting === null) return true;
      if (outlet.unsentBytes() > SLOW_BYTES) return false;
      const messages = waiting;
      waiting = null;
      if (messages === 'snapshot') sendSnapshot().catch(() => outlet.tooSlow());
      else for (const message of messages.values()) outlet.message(stream, message);
      return true;
    },
    leave: () => {
      left = true;
      stream.readers.delete(reader);
    },
  };
  return reader;
}
