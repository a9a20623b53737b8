import {
  type BondingCurve,
  MIGRATION_TOKEN_UNITS,
  POOL_MIGRATION_FEE_LAMPORTS,
  realSolLamports,
} from '@onefeed/domain';

/** The pool a complete curve migrates to: constant product. Fees are paid beside it, so k never falls. */
export interface Pool {
  readonly solLamports: bigint;
  readonly tokenUnits: bigint;
}

export const poolFromCurve = (curve: BondingCurve): Pool => ({
  solLamports: realSolLamports(curve) - POOL_MIGRATION_FEE_LAMPORTS,
  tokenUnits: MIGRATION_TOKEN_UNITS,
});

/** Tokens for exactly `solLamports`, rounded in the pool's favour. */
export const poolTokensFor = (pool: Pool, solLamports: bigint): bigint =>
  (pool.tokenUnits * solLamports) / (pool.solLamports + solLamports);

/** Lamports for exactly `tokenUnits`, rounded in the pool's favour. */
export const poolLamportsFor = (pool: Pool, tokenUnits: bigint): bigint =>
  (pool.solLamports * tokenUnits) / (pool.tokenUnits + tokenUnits);
