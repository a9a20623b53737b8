import type { TokenEvent } from '@onefeed/contracts';
import type { TokenMarketsRepository } from '@onefeed/db';
import { applyTokenEvent, type TokenMarket, tokenMarketOf } from '@onefeed/domain';

/** Tokens kept that nobody holds: those of recent signals. The oldest goes first. */
const MAX_UNHELD = 2_000;

/** Exact reserves of the tokens a shard holds or was lately signalled. */
export interface TokenBook {
  market(mint: string): TokenMarket | null;
  /** Applies an event of a known token; false when it is unknown or was applied already. */
  apply(event: TokenEvent): boolean;
  /** Reads tokens not known yet from their table. */
  learn(mints: Iterable<string>): Promise<void>;
}

export function createTokenBook(deps: {
  tokens: Pick<TokenMarketsRepository, 'getMany'>;
  isHeld: (mint: string) => boolean;
}): TokenBook {
  const known = new Map<string, { market: TokenMarket; seq: number }>();

  function evict(): void {
    let surplus = known.size - MAX_UNHELD;
    if (surplus <= 0) return;
    for (const mint of known.keys()) {
      if (surplus <= 0) return;
      surplus -= 1;
      if (!deps.isHeld(mint)) known.delete(mint);
    }
  }

  return {
    market: (mint) => known.get(mint)?.market ?? null,
    apply(event) {
      const before = known.get(event.mint);
      // The table that a token was read from may be ahead of the events: those it has are not applied again.
      if (before === undefined || event.seq <= before.seq) return false;
      known.set(event.mint, {
        market: applyTokenEvent(before.market, event) ?? before.market,
        seq: event.seq,
      });
      return true;
    },
    async learn(mints) {
      const missing = [...new Set(mints)].filter((mint) => !known.has(mint));
      if (missing.length === 0) return;
      for (const row of await deps.tokens.getMany(missing)) {
        known.set(row.mint, { market: tokenMarketOf(row), seq: row.lastSeq });
      }
      evict();
    },
  };
}
