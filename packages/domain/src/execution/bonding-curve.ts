/**
 * The bonding curve of pump.fun in its own integers: lamports (1e9 per SOL) and token base units (1e6 per
 * token). Formulas and constants: ../shared/protocols/pumpportal.md section 3, checked against recorded
 * on-chain trades. Division rounds down unless said otherwise, always in favour of the curve.
 */

export const LAMPORTS_PER_SOL = 1_000_000_000n;
export const UNITS_PER_TOKEN = 1_000_000n;

export const INITIAL_VIRTUAL_SOL_LAMPORTS = 30_000_000_000n;
export const INITIAL_VIRTUAL_TOKEN_UNITS = 1_073_000_000_000_000n;
/** Tokens the curve sells before it is complete. */
export const INITIAL_REAL_TOKEN_UNITS = 793_100_000_000_000n;
export const TOTAL_SUPPLY_UNITS = 1_000_000_000_000_000n;
/** Virtual minus real token reserves, the same through a token's whole life on the curve. */
export const VIRTUAL_TOKEN_OFFSET_UNITS = INITIAL_VIRTUAL_TOKEN_UNITS - INITIAL_REAL_TOKEN_UNITS;
/** Kept out of the pool's liquidity when a complete curve migrates. */
export const POOL_MIGRATION_FEE_LAMPORTS = 15_000_001n;
/** Tokens that seed the pool at migration. */
export const MIGRATION_TOKEN_UNITS = TOTAL_SUPPLY_UNITS - INITIAL_REAL_TOKEN_UNITS;

const BPS = 10_000n;

/** Reserves of one curve. Immutable; a trade gives a new one. */
export interface BondingCurve {
  readonly virtualSolLamports: bigint;
  readonly virtualTokenUnits: bigint;
}

/** Fees in basis points of the SOL amount; each is rounded up on its own. */
export interface CurveFees {
  readonly protocolBps: bigint;
  readonly creatorBps: bigint;
}

/** 95 bps protocol + 30 bps creator: what a trade on the curve costs since September 2025. */
export const CURVE_FEES: CurveFees = { protocolBps: 95n, creatorBps: 30n };

/** One trade against a curve. `solLamports` is what the curve itself takes or gives, fees excluded. */
export interface CurveTrade {
  readonly tokenUnits: bigint;
  readonly solLamports: bigint;
  readonly protocolFeeLamports: bigint;
  readonly creatorFeeLamports: bigint;
  /** What the trader pays in all (buy) or receives in the end (sell). */
  readonly traderLamports: bigint;
}

export const newBondingCurve = (): BondingCurve => ({
  virtualSolLamports: INITIAL_VIRTUAL_SOL_LAMPORTS,
  virtualTokenUnits: INITIAL_VIRTUAL_TOKEN_UNITS,
});

/** Tokens still for sale on the curve. */
export const realTokenUnits = (curve: BondingCurve): bigint => {
  const units = curve.virtualTokenUnits - VIRTUAL_TOKEN_OFFSET_UNITS;
  return units > 0n ? units : 0n;
};

/** SOL that buyers have put in and sellers may take out. */
export const realSolLamports = (curve: BondingCurve): bigint => {
  const lamports = curve.virtualSolLamports - INITIAL_VIRTUAL_SOL_LAMPORTS;
  return lamports > 0n ? lamports : 0n;
};

/** Sold out: nobody trades on the curve any more until the token has migrated to its pool. */
export const isCurveComplete = (curve: BondingCurve): boolean => realTokenUnits(curve) === 0n;

/** Share of the curve's tokens sold, 0..1. For display and features, not for money. */
export const curveProgress = (curve: BondingCurve): number =>
  Number(((INITIAL_REAL_TOKEN_UNITS - realTokenUnits(curve)) * 1_000_000n) / INITIAL_REAL_TOKEN_UNITS) /
  1_000_000;

/** Lamports all tokens are worth at the curve's price. */
export const marketCapLamports = (curve: BondingCurve): bigint =>
  curve.virtualTokenUnits === 0n
    ? 0n
    : (curve.virtualSolLamports * TOTAL_SUPPLY_UNITS) / curve.virtualTokenUnits;

/** One fee: `bps` of `lamports`, rounded up. */
export const feeOf = (lamports: bigint, bps: bigint): bigint => (lamports * bps + BPS - 1n) / BPS;

const trade = (
  tokenUnits: bigint,
  solLamports: bigint,
  fees: CurveFees,
  side: 'buy' | 'sell',
): CurveTrade => {
  const protocolFeeLamports = feeOf(solLamports, fees.protocolBps);
  const creatorFeeLamports = feeOf(solLamports, fees.creatorBps);
  const feeLamports = protocolFeeLamports + creatorFeeLamports;
  return {
    tokenUnits,
    solLamports,
    protocolFeeLamports,
    creatorFeeLamports,
    traderLamports: side === 'buy' ? solLamports + feeLamports : solLamports - feeLamports,
  };
};

/**
 * Buys exactly `tokenUnits`. Null when that is not positive or more than the curve has left.
 */
export function buyExactTokensOut(
  curve: BondingCurve,
  tokenUnits: bigint,
  fees: CurveFees = CURVE_FEES,
): CurveTrade | null {
  if (tokenUnits <= 0n || tokenUnits > realTokenUnits(curve)) return null;
  const solLamports = (tokenUnits * curve.virtualSolLamports) / (curve.virtualTokenUnits - tokenUnits) + 1n;
  return trade(tokenUnits, solLamports, fees, 'buy');
}

/**
 * Spends at most `budgetLamports`, fees included. When the budget would buy more than the curve has left, the
 * rest of the curve is bought and the trader keeps the change. Null when the budget buys nothing.
 */
export function buyExactSolIn(
  curve: BondingCurve,
  budgetLamports: bigint,
  fees: CurveFees = CURVE_FEES,
): CurveTrade | null {
  if (budgetLamports <= 0n) return null;
  let net = (budgetLamports * BPS) / (BPS + fees.protocolBps + fees.creatorBps);
  const spent = net + feeOf(net, fees.protocolBps) + feeOf(net, fees.creatorBps);
  if (spent > budgetLamports) net -= spent - budgetLamports;
  if (net <= 1n) return null;
  const tokenUnits = ((net - 1n) * curve.virtualTokenUnits) / (curve.virtualSolLamports + net - 1n);
  if (tokenUnits <= 0n) return null;
  const left = realTokenUnits(curve);
  return tokenUnits > left ? buyExactTokensOut(curve, left, fees) : trade(tokenUnits, net, fees, 'buy');
}

/**
 * Sells exactly `tokenUnits`. Null when that is not positive or nothing would be left for the seller after
 * fees. The curve's real SOL is not checked: tokens that came off the curve can always be paid for, and a
 * paper seller's own SOL is missing from the recorded reserves.
 */
export function sellTokens(
  curve: BondingCurve,
  tokenUnits: bigint,
  fees: CurveFees = CURVE_FEES,
): CurveTrade | null {
  if (tokenUnits <= 0n) return null;
  const solLamports = (tokenUnits * curve.virtualSolLamports) / (curve.virtualTokenUnits + tokenUnits);
  const sold = trade(tokenUnits, solLamports, fees, 'sell');
  return sold.traderLamports > 0n ? sold : null;
}

/** The curve after a buy. */
export const applyBuy = (
  curve: BondingCurve,
  bought: Pick<CurveTrade, 'tokenUnits' | 'solLamports'>,
): BondingCurve => ({
  virtualSolLamports: curve.virtualSolLamports + bought.solLamports,
  virtualTokenUnits: curve.virtualTokenUnits - bought.tokenUnits,
});

/** The curve after a sell. */
export const applySell = (
  curve: BondingCurve,
  sold: Pick<CurveTrade, 'tokenUnits' | 'solLamports'>,
): BondingCurve => ({
  virtualSolLamports: curve.virtualSolLamports - sold.solLamports,
  virtualTokenUnits: curve.virtualTokenUnits + sold.tokenUnits,
});
