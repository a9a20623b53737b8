import type { Reserves, TokenEvent, TokenStatus } from '@onefeed/contracts';
import type { Amount } from '../money/amount.ts';
import {
  type BondingCurve,
  INITIAL_VIRTUAL_SOL_LAMPORTS,
  INITIAL_VIRTUAL_TOKEN_UNITS,
  isCurveComplete,
  VIRTUAL_TOKEN_OFFSET_UNITS,
} from './bonding-curve.ts';
import { type LiquidityPool, poolAtMigration } from './liquidity-pool.ts';

/** Where one pump.fun token trades now. Between completion and migration it trades nowhere. */
export type TokenMarket =
  | {
      readonly venue: 'pumpfun';
      readonly place: 'curve';
      readonly curve: BondingCurve;
      readonly untradeable: string | null;
    }
  | {
      readonly venue: 'pumpfun';
      readonly place: 'pool';
      readonly pool: LiquidityPool;
      readonly untradeable: string | null;
    };

const curveOf = (reserves: Reserves): BondingCurve => ({
  virtualSolLamports: BigInt(reserves.virtualSolLamports),
  virtualTokenUnits: BigInt(reserves.virtualTokenUnits),
});

const poolOf = (reserves: Reserves): LiquidityPool => ({
  solLamports: BigInt(reserves.virtualSolLamports),
  tokenUnits: BigInt(reserves.virtualTokenUnits),
});

const CURVE_PRODUCT = INITIAL_VIRTUAL_SOL_LAMPORTS * INITIAL_VIRTUAL_TOKEN_UNITS;
/** The product of a curve stays within rounding of its start; a pool opens with about half of it. */
const isOnCurve = (curve: BondingCurve): boolean => {
  const product = curve.virtualSolLamports * curve.virtualTokenUnits;
  return product >= CURVE_PRODUCT && product - CURVE_PRODUCT < CURVE_PRODUCT / 10_000n;
};

/**
 * The market of a stored token. Reserves of a migrated token that are still those of its sold-out curve (no
 * pool trade was seen yet) give the pool as it opened.
 */
export function tokenMarketOf(token: {
  status: TokenStatus;
  reserves: Reserves;
  untradeableReason: string | null;
}): TokenMarket {
  const untradeable = token.untradeableReason;
  if (token.status !== 'migrated')
    return { venue: 'pumpfun', place: 'curve', curve: curveOf(token.reserves), untradeable };
  const stillCurve =
    BigInt(token.reserves.virtualTokenUnits) === VIRTUAL_TOKEN_OFFSET_UNITS ||
    isOnCurve(curveOf(token.reserves));
  const pool = stillCurve ? poolAtMigration(curveOf(token.reserves)) : poolOf(token.reserves);
  return { venue: 'pumpfun', place: 'pool', pool, untradeable };
}

/**
 * The market after an event of its token; `before` null when nothing was known. Null while nothing is known
 * to price it with. A pool trade without reserves moves the pool by its amounts.
 */
export function applyTokenEvent(before: TokenMarket | null, event: TokenEvent): TokenMarket | null {
  switch (event.kind) {
    case 'created':
      return {
        venue: 'pumpfun',
        place: 'curve',
        curve: curveOf(event.reserves),
        untradeable: event.untradeableReason,
      };
    case 'migrated': {
      if (before === null) return null;
      if (before.place === 'pool') return before;
      return {
        venue: 'pumpfun',
        place: 'pool',
        pool: poolAtMigration(before.curve),
        untradeable: before.untradeable,
      };
    }
    case 'traded': {
      const untradeable = before?.untradeable ?? null;
      if (event.pool === 'curve') {
        // A late curve trade does not bring a migrated token back to its curve.
        if (event.reserves === null || before?.place === 'pool') return before;
        return { venue: 'pumpfun', place: 'curve', curve: curveOf(event.reserves), untradeable };
      }
      if (event.reserves !== null)
        return { venue: 'pumpfun', place: 'pool', pool: poolOf(event.reserves), untradeable };
      if (before === null) return null;
      const pool = before.place === 'pool' ? before.pool : poolAtMigration(before.curve);
      const sign = event.side === 'buy' ? 1n : -1n;
      const moved = {
        solLamports: pool.solLamports + sign * BigInt(event.solLamports),
        tokenUnits: pool.tokenUnits - sign * BigInt(event.tokenUnits),
      };
      if (moved.solLamports <= 0n || moved.tokenUnits <= 0n) return before;
      return { venue: 'pumpfun', place: 'pool', pool: moved, untradeable };
    }
  }
}

/** 1e-18 SOL per whole token, from lamports per token unit: 1e9 / 1e3. */
const PRICE_SCALE = 10n ** 15n;

/** SOL for one whole token, before fees and the trade's own effect. */
export function tokenPrice(
  market:
    | { readonly place: 'curve'; readonly curve: BondingCurve }
    | { readonly place: 'pool'; readonly pool: LiquidityPool },
): Amount {
  const [sol, units] =
    market.place === 'curve'
      ? [market.curve.virtualSolLamports, market.curve.virtualTokenUnits]
      : [market.pool.solLamports, market.pool.tokenUnits];
  return units === 0n ? 0n : (sol * PRICE_SCALE) / units;
}

/** False between completion of the curve and migration, when nobody can trade. */
export const isTokenTrading = (market: TokenMarket): boolean =>
  market.place === 'pool' || !isCurveComplete(market.curve);
