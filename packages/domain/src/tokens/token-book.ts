import type { TokenEvent } from '@onefeed/contracts';
import { createTrackedToken, type TrackedToken } from './token-features.ts';

export interface TokenBookLimits {
  /** Most tokens tracked; past it the one that was quiet longest is forgotten. */
  maxTokens: number;
  /** A token without an event for this long is dead and forgotten. */
  deadAfterMs: number;
}

export const TOKEN_BOOK_LIMITS: TokenBookLimits = { maxTokens: 20_000, deadAfterMs: 30 * 60_000 };

export interface TokenBook {
  /** The token after the event, or null when it is not tracked: its creation was not seen, or it was forgotten. */
  apply(event: TokenEvent): TrackedToken | null;
  tracked(): Iterable<TrackedToken>;
  size(): number;
}

/**
 * The tokens that live. `forget` is told of each one that goes. An event that was applied already (by its seq)
 * changes nothing.
 */
export function createTokenBook(limits: TokenBookLimits, forget: (mint: string) => void): TokenBook {
  // In the order of their newest event: a token is moved to the end with each one.
  const tokens = new Map<string, TrackedToken>();

  function drop(mint: string): void {
    tokens.delete(mint);
    forget(mint);
  }

  function dropDead(now: number): void {
    for (const [mint, token] of tokens) {
      if (tokens.size <= limits.maxTokens && token.lastEventAt > now - limits.deadAfterMs) return;
      drop(mint);
    }
  }

  return {
    apply(event) {
      let token = tokens.get(event.mint);
      if (token !== undefined && event.seq <= token.lastSeq) return null;
      if (token === undefined) {
        if (event.kind !== 'created') return null;
        token = createTrackedToken(event);
      } else {
        tokens.delete(event.mint);
        token.apply(event);
      }
      tokens.set(event.mint, token);
      dropDead(event.at);
      return token;
    },
    tracked: () => tokens.values(),
    size: () => tokens.size,
  };
}
