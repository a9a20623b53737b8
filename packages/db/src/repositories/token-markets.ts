import type { Reserves, TokenStatus } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** Where a token stood after the event `lastSeq`. */
export interface StoredTokenMarket {
  mint: string;
  status: TokenStatus;
  reserves: Reserves;
  untradeableReason: string | null;
  /** Why the reserves are not to be relied on; null when they are. */
  unconfirmedReason: string | null;
  lastSeq: number;
}

/** Tokens as a place to trade, with the event they stand at: a reader of the events knows which it has already. */
export function createTokenMarketsRepository(pool: Pool) {
  return {
    /** Unknown mints are absent from the answer. */
    async getMany(mints: readonly string[]): Promise<StoredTokenMarket[]> {
      if (mints.length === 0) return [];
      const result = await pool.query<{
        mint: string;
        status: TokenStatus;
        virtual_sol_lamports: string;
        virtual_token_units: string;
        untradeable_reason: string | null;
        unconfirmed_reason: string | null;
        last_seq: string;
      }>(
        `select mint, status, virtual_sol_lamports, virtual_token_units, untradeable_reason, unconfirmed_reason,
           last_seq
         from tokens where mint = any($1)`,
        [mints],
      );
      return result.rows.map((row) => ({
        mint: row.mint,
        status: row.status,
        reserves: {
          virtualSolLamports: row.virtual_sol_lamports,
          virtualTokenUnits: row.virtual_token_units,
        },
        untradeableReason: row.untradeable_reason,
        unconfirmedReason: row.unconfirmed_reason,
        lastSeq: Number(row.last_seq),
      }));
    },
  };
}
export type TokenMarketsRepository = ReturnType<typeof createTokenMarketsRepository>;
