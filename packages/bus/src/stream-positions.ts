import type { Envelope } from '@onefeed/contracts';

/** How an envelope follows what was seen of its stream before. */
export type Arrival = 'contiguous' | 'gap' | 'duplicate';

/**
 * Remembers the last seq of each (stream, epoch). Bounded: past `capacity` the one silent for longest is
 * forgotten, and its next envelope counts as a gap, which costs its reader one look at the table.
 */
export function createStreamPositions(capacity: number) {
  const lastSeqs = new Map<string, number>();

  return {
    accept({ stream, epoch, seq }: Pick<Envelope, 'stream' | 'epoch' | 'seq'>): Arrival {
      const key = `${stream} ${epoch}`;
      const last = lastSeqs.get(key);
      // A publisher that lost its connection sends its last batch again: it may have arrived the first time.
      if (last !== undefined && seq <= last) return 'duplicate';
      lastSeqs.delete(key);
      lastSeqs.set(key, seq);
      if (lastSeqs.size > capacity) {
        for (const oldest of lastSeqs.keys()) {
          lastSeqs.delete(oldest);
          break;
        }
      }
      return last !== undefined && seq === last + 1 ? 'contiguous' : 'gap';
    },
    size: () => lastSeqs.size,
  };
}
