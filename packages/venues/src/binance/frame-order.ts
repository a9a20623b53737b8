import type { Candle } from '@onefeed/contracts';

/** Drops what a stream has told already, or told better: two sockets may carry it during a change. */
export interface FrameOrder {
  /** False for a duplicate, a partial bar after its final one, or a partial bar older than the newest. */
  accept(name: string, candle: Candle, eventTime: number): boolean;
  forget(name: string): void;
}

/** Final bars of any age pass once in a row; older ones are merged by open time further on. */
export function createFrameOrder(): FrameOrder {
  const newest = new Map<string, { openTime: number; eventTime: number; closed: boolean }>();
  return {
    accept(name, candle, eventTime) {
      const last = newest.get(name);
      if (last !== undefined) {
        if (candle.openTime < last.openTime) return candle.closed;
        if (candle.openTime === last.openTime) {
          if (last.closed) return false;
          if (!candle.closed && eventTime <= last.eventTime) return false;
        }
      }
      newest.set(name, { openTime: candle.openTime, eventTime, closed: candle.closed });
      return true;
    },
    forget: (name) => void newest.delete(name),
  };
}
