export const MAX_WEIGHT_PER_MINUTE = 6_000;
const MINUTE_MS = 60_000;
/** Addresses remembered at most; past it the meter starts anew. */
const MAX_ADDRESSES = 10_000;

export interface WeightMeter {
  /** Adds the weight of a request of `address`; the sum of its current minute, and when that ends. */
  add(address: string, weight: number): { used: number; retryAfterSeconds: number };
}

/** Request weight per address and wall-clock minute: the limit protects a real server, whatever the speed. */
export function createWeightMeter(wallNow: () => number): WeightMeter {
  let minute = Math.floor(wallNow() / MINUTE_MS);
  let usedByAddress = new Map<string, number>();
  return {
    add(address, weight) {
      const now = wallNow();
      const current = Math.floor(now / MINUTE_MS);
      if (current !== minute || usedByAddress.size > MAX_ADDRESSES) {
        minute = current;
        usedByAddress = new Map();
      }
      const used = (usedByAddress.get(address) ?? 0) + weight;
      usedByAddress.set(address, used);
      return { used, retryAfterSeconds: Math.max(1, Math.ceil(((minute + 1) * MINUTE_MS - now) / 1_000)) };
    },
  };
}
