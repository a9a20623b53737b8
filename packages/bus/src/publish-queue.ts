import type { Channel } from '@onefeed/contracts';

export interface QueuedText {
  channel: Channel;
  text: string;
  /** A later envelope of the stream makes up for the loss of this one. */
  lossy: boolean;
}

/** Streams whose envelopes may be lost: prices and forming candles, conflated anyway. */
export const isLossyStream = (stream: string) =>
  stream.startsWith('prices.') || stream.startsWith('forming.');

/**
 * Texts waiting to be published, oldest first, at most `capacity`. At the bound the oldest tenth goes, lossy ones
 * first. A dropped durable envelope has consumed its seq: readers see a gap and read the table.
 */
export function createPublishQueue(
  capacity: number,
  onDropped: (kind: 'lossy' | 'durable', count: number) => void,
) {
  let waiting: QueuedText[] = [];

  function makeRoom(): void {
    let excess = Math.max(1, Math.floor(capacity / 10));
    const before = waiting.length;
    waiting = waiting.filter((item) => !(item.lossy && excess-- > 0));
    const lossy = before - waiting.length;
    const durable = Math.max(0, Math.max(1, Math.floor(capacity / 10)) - lossy);
    waiting.splice(0, durable);
    if (lossy > 0) onDropped('lossy', lossy);
    if (durable > 0) onDropped('durable', durable);
  }

  return {
    push(item: QueuedText): void {
      if (waiting.length >= capacity) makeRoom();
      waiting.push(item);
    },
    /** Takes the oldest, at most `limit`. */
    take: (limit: number): QueuedText[] => waiting.splice(0, limit),
    length: () => waiting.length,
  };
}
