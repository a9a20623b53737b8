import type { Token, TokenStatus } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

interface TokenRow {
  mint: string;
  name: string;
  symbol: string;
  uri: string;
  creator: string;
  created_at_ms: string;
  status: TokenStatus;
  virtual_sol_lamports: string;
  virtual_token_units: string;
  price: string;
  market_cap_sol: string;
  untradeable_reason: string | null;
  ai_score: number | null;
}

/**
 * Price in SOL per whole token: lamports/1e9 over units/1e6. Market cap of the supply of 1e9 whole tokens.
 * 18 decimals are what the wire allows; the cheapest possible curve price (2.8e-8) keeps 11 digits.
 */
const COLUMNS = `mint, name, symbol, uri, creator, created_at_ms, status, virtual_sol_lamports,
  virtual_token_units, untradeable_reason, ai_score,
  case when virtual_token_units > 0
    then round(virtual_sol_lamports::numeric(60, 24) / virtual_token_units / 1000, 18) else 0 end as price,
  case when virtual_token_units > 0
    then round(virtual_sol_lamports::numeric(60, 24) * 1000000 / virtual_token_units, 9) else 0 end as market_cap_sol`;

/** The state of pump.fun tokens. Their events' repository keeps it current. */
export function createTokensRepository(pool: Pool) {
  return {
    /** The tokens with these mints; unknown ones are absent from the answer. */
    async getMany(mints: readonly string[]): Promise<Token[]> {
      if (mints.length === 0) return [];
      const result = await pool.query<TokenRow>(`select ${COLUMNS} from tokens where mint = any($1)`, [
        mints,
      ]);
      return result.rows.map(toToken);
    },

    /** The newest tokens, newest first, those of one millisecond by mint; after `last` when given. */
    async newest(limit: number, last?: Pick<Token, 'createdAt' | 'mint'>): Promise<Token[]> {
      const result = await pool.query<TokenRow>(
        `select ${COLUMNS} from tokens
         where $2::int8 is null or created_at_ms < $2 or (created_at_ms = $2 and mint > $3)
         order by created_at_ms desc, mint limit $1`,
        [limit, last?.createdAt ?? null, last?.mint ?? null],
      );
      return result.rows.map(toToken);
    },

    /** Mints that any bot holds now: their trades must be followed. */
    async heldMints(): Promise<string[]> {
      const result = await pool.query<{ instrument: string }>(
        "select distinct instrument from open_positions where venue = 'pumpfun'",
      );
      return result.rows.map((row) => row.instrument);
    },

    /** Records scores (0..1). Tokens that are gone are passed over. */
    async setScores(scores: readonly { mint: string; score: number }[]): Promise<void> {
      if (scores.length === 0) return;
      await pool.query(
        // Locked in the order of the mint, as the gateway's changes are: two writers never wait for each other.
        `with locked as (
           select mint from tokens where mint = any ($1::text[]) order by mint for update
         )
         update tokens set ai_score = given.score
         from unnest($1::text[], $2::float8[]) as given(mint, score) join locked using (mint)
         where tokens.mint = given.mint`,
        [scores.map((one) => one.mint), scores.map((one) => one.score)],
      );
    },

    /**
     * Deletes at most `limit` tokens created before `createdBeforeMs` that nobody holds and of which no event
     * is kept any more; returns how many.
     */
    async prune(createdBeforeMs: number, limit: number): Promise<number> {
      const result = await pool.query(
        `delete from tokens where mint in (
           select mint from tokens
           where created_at_ms < $1
             and not exists (select 1 from token_events where token_events.mint = tokens.mint)
             and not exists (select 1 from open_positions
               where open_positions.venue = 'pumpfun' and open_positions.instrument = tokens.mint)
           order by created_at_ms limit $2)`,
        [createdBeforeMs, limit],
      );
      return result.rowCount ?? 0;
    },
  };
}
export type TokensRepository = ReturnType<typeof createTokensRepository>;

function toToken(row: TokenRow): Token {
  return {
    mint: row.mint,
    name: row.name,
    symbol: row.symbol,
    uri: row.uri,
    creator: row.creator,
    createdAt: Number(row.created_at_ms),
    status: row.status,
    reserves: {
      virtualSolLamports: row.virtual_sol_lamports,
      virtualTokenUnits: row.virtual_token_units,
    },
    price: row.price,
    marketCapSol: row.market_cap_sol,
    untradeableReason: row.untradeable_reason,
    aiScore: row.ai_score,
  };
}
