import type { TokenEvent } from '@onefeed/contracts';

/** New tokens whose trades are followed at once: each trade costs money at the venue. */
export const MAX_NEW_TOKENS = 500;
/** Most tokens die within minutes, and strategies look at young ones. */
export const WATCH_NEW_MS = 10 * 60_000;

/** Which tokens' trades to follow: all that are held, and the newest tradeable ones. */
export function createWatchList() {
  let held = new Set<string>();
  /** Mint -> arrival of its creation, ms; oldest first. */
  const young = new Map<string, number>();

  function evict(now: number): void {
    for (const [mint, createdAt] of young) {
      if (young.size <= MAX_NEW_TOKENS && now - createdAt < WATCH_NEW_MS) return;
      young.delete(mint);
    }
  }

  return {
    see(event: TokenEvent): void {
      if (event.kind !== 'created' || event.untradeableReason !== null) return;
      young.set(event.mint, event.at);
      evict(event.at);
    },
    /** After a take-over: a token created before, as stored. */
    remember(mint: string, createdAt: number): void {
      if (!young.has(mint)) young.set(mint, createdAt);
    },
    hold(mints: Iterable<string>): void {
      held = new Set(mints);
    },
    /** It cannot be traded: of no interest unless it is held. */
    drop: (mint: string): void => void young.delete(mint),
    has: (mint: string): boolean => held.has(mint) || young.has(mint),
    /** The tokens to follow at `now` (ms); held ones apart, so that no bound drops one. */
    mints(now: number): { held: string[]; others: string[] } {
      evict(now);
      return { held: [...held], others: [...young.keys()].filter((mint) => !held.has(mint)) };
    },
  };
}
export type WatchList = ReturnType<typeof createWatchList>;
