import {
  type BondingCurve,
  feeOf,
  isCurveComplete,
  MIGRATION_TOKEN_UNITS,
  POOL_MIGRATION_FEE_LAMPORTS,
  realSolLamports,
  TOTAL_SUPPLY_UNITS,
} from './bonding-curve.ts';

/** Reserves of a migrated token's constant-product pool. Immutable; a trade gives a new one. */
export interface LiquidityPool {
  readonly solLamports: bigint;
  readonly tokenUnits: bigint;
}

/** Fees of a canonical pool in basis points. The LP's part stays in the pool. */
export interface PoolFees {
  readonly lpBps: bigint;
  readonly protocolBps: bigint;
  readonly creatorBps: bigint;
}

export interface PoolTrade {
  readonly tokenUnits: bigint;
  /** What the product formula moves, fees excluded. */
  readonly solLamports: bigint;
  readonly feeLamports: bigint;
  readonly lpFeeLamports: bigint;
  /** What the trader pays in all (buy) or receives in the end (sell). */
  readonly traderLamports: bigint;
}

const BPS = 10_000n;
const SOL = 1_000_000_000n;

/**
 * Lowest market cap in SOL from which the creator's fee is as given; LP 20 and protocol 5 bps throughout. Every row is
 * one of https://pump.fun/docs/fees (last updated 20 May 2026; the same table stood there on 1 September 2025).
 * The page gives five of them in half basis points (0.275 %, 0.225 %, 0.175 %, 0.125 %, 0.075 %). The fee program
 * holds whole ones, and the page itself writes the same steps of USDC pairs as 28, 23, 18, 13 and 8: rounded up.
 */
const CREATOR_TIERS: readonly (readonly [fromSol: bigint, creatorBps: bigint])[] = [
  [98_240n, 5n],
  [93_330n, 8n],
  [88_400n, 10n],
  [83_500n, 13n],
  [78_590n, 15n],
  [73_681n, 18n],
  [68_770n, 20n],
  [63_860n, 23n],
  [58_940n, 25n],
  [54_030n, 28n],
  [49_120n, 30n],
  [44_210n, 35n],
  [39_300n, 40n],
  [34_380n, 45n],
  [29_470n, 50n],
  [24_560n, 55n],
  [19_650n, 60n],
  [14_740n, 65n],
  [9_820n, 70n],
  [4_420n, 75n],
  [3_440n, 80n],
  [2_460n, 85n],
  [1_470n, 90n],
  [420n, 95n],
];

export const poolMarketCapLamports = (pool: LiquidityPool): bigint =>
  pool.tokenUnits === 0n ? 0n : (pool.solLamports * TOTAL_SUPPLY_UNITS) / pool.tokenUnits;

/**
 * Fees at the pool's market cap: 1.25 % below 420 SOL, 1.20 % from there, falling to 0.30 % from 98,240 SOL
 * of market cap (the pool's price times a billion tokens).
 */
export function poolFees(pool: LiquidityPool): PoolFees {
  const marketCap = poolMarketCapLamports(pool);
  for (const [fromSol, creatorBps] of CREATOR_TIERS) {
    if (marketCap >= fromSol * SOL) return { lpBps: 20n, protocolBps: 5n, creatorBps };
  }
  return { lpBps: 2n, protocolBps: 93n, creatorBps: 30n };
}

/**
 * The pool a curve becomes at migration: its SOL less the migration fee, and the tokens that were never for
 * sale. A curve that is not known to be complete (trades were lost) is taken as complete.
 */
export function poolAtMigration(curve: BondingCurve): LiquidityPool {
  const complete = isCurveComplete(curve);
  const solLamports = complete ? realSolLamports(curve) : COMPLETE_CURVE_SOL_LAMPORTS;
  return { solLamports: solLamports - POOL_MIGRATION_FEE_LAMPORTS, tokenUnits: MIGRATION_TOKEN_UNITS };
}

/** SOL on a curve that was bought from nothing to completion. */
export const COMPLETE_CURVE_SOL_LAMPORTS = 85_005_359_057n;

const feesOn = (lamports: bigint, fees: PoolFees) => {
  const lpFeeLamports = feeOf(lamports, fees.lpBps);
  const others = feeOf(lamports, fees.protocolBps) + feeOf(lamports, fees.creatorBps);
  return { lpFeeLamports, feeLamports: lpFeeLamports + others };
};

/** Spends at most `budgetLamports`, fees included. Null when that buys nothing. */
export function buyFromPool(
  pool: LiquidityPool,
  budgetLamports: bigint,
  fees: PoolFees = poolFees(pool),
): PoolTrade | null {
  if (budgetLamports <= 0n || pool.solLamports <= 0n || pool.tokenUnits <= 0n) return null;
  let net = (budgetLamports * BPS) / (BPS + fees.lpBps + fees.protocolBps + fees.creatorBps);
  const spent = net + feesOn(net, fees).feeLamports;
  if (spent > budgetLamports) net -= spent - budgetLamports;
  if (net <= 0n) return null;
  const tokenUnits = (net * pool.tokenUnits) / (pool.solLamports + net);
  if (tokenUnits <= 0n) return null;
  const charged = feesOn(net, fees);
  return { tokenUnits, solLamports: net, ...charged, traderLamports: net + charged.feeLamports };
}

/** Sells exactly `tokenUnits`. Null when that is not positive or leaves the seller nothing. */
export function sellToPool(
  pool: LiquidityPool,
  tokenUnits: bigint,
  fees: PoolFees = poolFees(pool),
): PoolTrade | null {
  if (tokenUnits <= 0n || pool.solLamports <= 0n || pool.tokenUnits <= 0n) return null;
  const solLamports = (tokenUnits * pool.solLamports) / (pool.tokenUnits + tokenUnits);
  const charged = feesOn(solLamports, fees);
  const traderLamports = solLamports - charged.feeLamports;
  return traderLamports > 0n ? { tokenUnits, solLamports, ...charged, traderLamports } : null;
}

/** The pool after a buy; the LP's fee stays in it. */
export const applyPoolBuy = (pool: LiquidityPool, bought: PoolTrade): LiquidityPool => ({
  solLamports: pool.solLamports + bought.solLamports + bought.lpFeeLamports,
  tokenUnits: pool.tokenUnits - bought.tokenUnits,
});

/** The pool after a sell; the LP's fee stays in it. */
export const applyPoolSell = (pool: LiquidityPool, sold: PoolTrade): LiquidityPool => ({
  solLamports: pool.solLamports - sold.solLamports + sold.lpFeeLamports,
  tokenUnits: pool.tokenUnits + sold.tokenUnits,
});
