import type { BondingCurve } from '@onefeed/domain';
import type { Pool } from './pool.ts';
import type { Oddity } from './token-plan.ts';

/** Mint of USDC: recorded on creates of USDC-paired coins in place of their own. */
export const USDC_MINT = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
/** The curve key that frames of mayhem coins name: a vault they share. */
export const MAYHEM_VAULT = 'BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s';

/** vTokens x vSol of every ordinary curve, in tokens x SOL. PumpPortal computes vSol from it, noise included. */
const CURVE_PRODUCT = 32_190_000_000;
const INITIAL_VIRTUAL_TOKENS = 1_073_000_000;
const SUPPLY = 1_000_000_000;

const tokens = (units: bigint): number => Number(units) / 1e6;
const sol = (lamports: bigint): number => Number(lamports) / 1e9;

export interface TokenNames {
  mint: string;
  creator: string;
  curveKey: string;
  name: string;
  symbol: string;
  uri: string;
  /** Mint and curve as they are on the chain. */
  chainMint: string;
  curveAddress: string;
}

export interface TradeFacts {
  signature: string;
  mint: string;
  trader: string;
  side: 'buy' | 'sell';
  tokenUnits: bigint;
  solLamports: bigint;
  /** What the trader holds afterwards. */
  balanceUnits: bigint;
}

/**
 * The create frame, keys in the order received. Its reserves are always those of a curve that starts at 30
 * SOL, also for coins that do not.
 */
export function createFrame(
  signature: string,
  names: TokenNames,
  oddity: Oddity,
  initialUnits: bigint,
  initialLamports: bigint,
): string {
  const { mint, creator, name, symbol, uri } = names;
  const initialBuy = tokens(initialUnits);
  const solAmount = sol(initialLamports);
  const vTokensInBondingCurve = INITIAL_VIRTUAL_TOKENS - initialBuy;
  const vSolInBondingCurve = CURVE_PRODUCT / vTokensInBondingCurve;
  const texts = oddity === 'nameless' || oddity === 'usdc' ? {} : { name, symbol, uri };
  return JSON.stringify({
    signature,
    mint,
    traderPublicKey: creator,
    txType: 'create',
    initialBuy,
    solAmount,
    bondingCurveKey: names.curveKey,
    vTokensInBondingCurve,
    vSolInBondingCurve,
    marketCapSol: (vSolInBondingCurve / vTokensInBondingCurve) * SUPPLY,
    ...texts,
    ...(oddity === 'old-form' ? {} : { is_mayhem_mode: oddity === 'mayhem' }),
    pool: 'pump',
  });
}

/** A create of the other launchpad that the same subscription carries. */
export function createBonkFrame(signature: string, names: TokenNames, initialLamports: bigint): string {
  const solInPool = sol(initialLamports);
  const initialBuy = 34_193_904.632554054 * solInPool;
  const tokensInPool = SUPPLY - initialBuy;
  return JSON.stringify({
    signature,
    traderPublicKey: names.creator,
    txType: 'create',
    mint: names.mint,
    solInPool,
    tokensInPool,
    initialBuy,
    solAmount: solInPool,
    newTokenBalance: initialBuy,
    marketCapSol: ((30 + solInPool) / tokensInPool) * SUPPLY,
    name: names.name,
    symbol: names.symbol,
    uri: names.uri,
    pool: 'bonk',
  });
}

/** A trade on the curve; `curve` is the state after it. Mayhem curves tell their true reserves. */
export function curveTradeFrame(
  trade: TradeFacts,
  curve: BondingCurve,
  curveKey: string,
  mayhem: boolean,
): string {
  const vTokensInBondingCurve = tokens(curve.virtualTokenUnits);
  const vSolInBondingCurve = mayhem ? sol(curve.virtualSolLamports) : CURVE_PRODUCT / vTokensInBondingCurve;
  return JSON.stringify({
    ...commonTradeFields(trade),
    newTokenBalance: tokens(trade.balanceUnits),
    bondingCurveKey: curveKey,
    vTokensInBondingCurve,
    vSolInBondingCurve,
    marketCapSol: (vSolInBondingCurve / vTokensInBondingCurve) * SUPPLY,
    pool: 'pump',
  });
}

/** A trade after migration; `pool` is the state after it. The reduced form has six fields and no pool. */
export function poolTradeFrame(trade: TradeFacts, pool: Pool, reduced: boolean): string {
  if (reduced) return JSON.stringify(commonTradeFields(trade));
  const tokensInPool = tokens(pool.tokenUnits);
  const solInPool = sol(pool.solLamports);
  return JSON.stringify({
    ...commonTradeFields(trade),
    tokensInPool,
    solInPool,
    newTokenBalance: tokens(trade.balanceUnits),
    marketCapSol: (solInPool / tokensInPool) * SUPPLY,
    pool: 'pump-amm',
  });
}

const commonTradeFields = ({ signature, mint, trader, side, tokenUnits, solLamports }: TradeFacts) => ({
  signature,
  mint,
  traderPublicKey: trader,
  txType: side,
  tokenAmount: tokens(tokenUnits),
  solAmount: sol(solLamports),
});

export const migrateFrame = (signature: string, mint: string): string =>
  JSON.stringify({ signature, mint, txType: 'migrate', pool: 'pump-amm' });
