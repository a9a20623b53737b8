import type { Price, Venue } from '@onefeed/contracts';

/** Most prices kept; the one not heard of for longest goes first (pump.fun makes tokens without end). */
const CAPACITY = 5_000;
/** Readers are told of changes at most this often: the eye sees no more, and rendering stays cheap. */
const NOTIFY_INTERVAL_MS = 250;

/** The latest price of each instrument, kept outside React so that a tick renders only what shows prices. */
export function createPriceBoard(
  schedule: (run: () => void, delayMs: number) => unknown,
  capacity = CAPACITY,
) {
  const prices = new Map<string, number>();
  const listeners = new Set<() => void>();
  let version = 0;
  let scheduled = false;

  const notify = () => {
    scheduled = false;
    version += 1;
    for (const listener of listeners) listener();
  };

  return {
    /** The latest price in the quote asset, or null before the first. */
    priceOf: (venue: Venue, instrument: string): number | null =>
      prices.get(`${venue}:${instrument}`) ?? null,
    record: (venue: Venue, batch: readonly Price[]): void => {
      for (const { instrument, price } of batch) {
        const key = `${venue}:${instrument}`;
        prices.delete(key);
        prices.set(key, Number(price));
      }
      while (prices.size > capacity) {
        const oldest = prices.keys().next();
        if (oldest.done) break;
        prices.delete(oldest.value);
      }
      if (!scheduled && batch.length > 0) {
        scheduled = true;
        schedule(notify, NOTIFY_INTERVAL_MS);
      }
    },
    size: () => prices.size,
    version: () => version,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type PriceBoard = ReturnType<typeof createPriceBoard>;
export type PriceOf = PriceBoard['priceOf'];
