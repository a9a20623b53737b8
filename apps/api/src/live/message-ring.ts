import type { LiveMessage } from './live-message.ts';

/** A resume is answered with at most this many messages; beyond it a snapshot is cheaper for both sides. */
export const RING_MESSAGES = 300;
/** Bytes of data a ring may hold, whatever the messages' sizes. */
export const RING_BYTES = 262_144;

export interface MessageRing {
  push(message: LiveMessage): void;
  /** Messages after `offset` up to `top`; null when some are no longer kept. */
  after(offset: number, top: number): readonly LiveMessage[] | null;
  clear(): void;
}

/** The last messages of a channel, for readers that were away for a moment. The oldest give way. */
export function createMessageRing(): MessageRing {
  let messages: LiveMessage[] = [];
  let first = 0;
  let bytes = 0;

  return {
    push: (message) => {
      messages.push(message);
      bytes += message.bytes;
      while (messages.length - first > RING_MESSAGES || (bytes > RING_BYTES && first < messages.length)) {
        bytes -= messages[first]?.bytes ?? 0;
        first += 1;
      }
      if (first > RING_MESSAGES) {
        messages = messages.slice(first);
        first = 0;
      }
    },
    after: (offset, top) => {
      if (offset === top) return [];
      const count = top - offset;
      if (count < 0 || count > messages.length - first) return null;
      return messages.slice(messages.length - count);
    },
    clear: () => {
      messages = [];
      first = 0;
      bytes = 0;
    },
  };
}
