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

/** What holds wherever a token trades. */
interface TokenStanding {
  readonly venue: 'pumpfun';
  /** Why no bot may buy it; null when it may. */
  readonly untradeable: string | null;
  /** Why its state is not to be relied on: trades may have been missed. Null when it is. */
  readonly unconfirmed: string | null;
}

/** Where one pump.fun token trades now. Between completion and migration it trades nowhere. */
export type TokenMarket =
  | (TokenStanding & { readonly place: 'curve'; readonly curve: BondingCurve })
  | (TokenStanding & { readonly place: 'pool'; readonly pool: LiquidityPool });

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
  unconfirmedReason: string | null;
}): TokenMarket {
  const standing: TokenStanding = {
    venue: 'pumpfun',
    untradeable: token.untradeableReason,
    unconfirmed: token.unconfirmedReason,
  };
  if (token.status !== 'migrated') return { ...standing, place: 'curve', curve: curveOf(token.reserves) };
  const stillCurve =
    BigInt(token.reserves.virtualTokenUnits) === VIRTUAL_TOKEN_OFFSET_UNITS ||
    isOnCurve(curveOf(token.reserves));
  const pool = stillCurve ? poolAtMigration(curveOf(token.reserves)) : poolOf(token.reserves);
  return { ...standing, place: 'pool', pool };
}

const NEW_STANDING: TokenStanding = { venue: 'pumpfun', untradeable: null, unconfirmed: null };

/**
 * The market after an event of its token; `before` null when nothing was known. Null while nothing is known
 * to price it with. A pool trade without reserves moves the pool by its amounts.
 */
export function applyTokenEvent(before: TokenMarket | null, event: TokenEvent): TokenMarket | null {
  const standing = before === null ? NEW_STANDING : standingOf(before);
  switch (event.kind) {
    case 'created':
      return {
        ...NEW_STANDING,
        untradeable: event.untradeableReason,
        place: 'curve',
        curve: curveOf(event.reserves),
      };
    case 'migrated':
      if (before === null || before.place === 'pool') return before;
      return { ...standing, place: 'pool', pool: poolAtMigration(before.curve) };
    case 'traded': {
      if (event.pool === 'curve') {
        // A late curve trade does not bring a migrated token back to its curve.
        if (event.reserves === null || before?.place === 'pool') return before;
        return { ...standing, place: 'curve', curve: curveOf(event.reserves) };
      }
      if (event.reserves !== null) return { ...standing, place: 'pool', pool: poolOf(event.reserves) };
      if (before === null) return null;
      const pool = before.place === 'pool' ? before.pool : poolAtMigration(before.curve);
      const sign = event.side === 'buy' ? 1n : -1n;
      const moved = {
        solLamports: pool.solLamports + sign * BigInt(event.solLamports),
        tokenUnits: pool.tokenUnits - sign * BigInt(event.tokenUnits),
      };
      if (moved.solLamports <= 0n || moved.tokenUnits <= 0n) return before;
      return { ...standing, place: 'pool', pool: moved };
    }
    case 'checked': {
      const checked: TokenStanding = {
        venue: 'pumpfun',
        untradeable: event.untradeableReason ?? standing.untradeable,
        unconfirmed: event.unconfirmedReason,
      };
      if (event.state === null) return before === null ? null : { ...before, ...checked };
      const { status, reserves } = event.state;
      return status === 'migrated'
        ? { ...checked, place: 'pool', pool: poolOf(reserves) }
        : { ...checked, place: 'curve', curve: curveOf(reserves) };
    }
  }
}

const standingOf = ({ venue, untradeable, unconfirmed }: TokenMarket): TokenStanding => ({
  venue,
  untradeable,
  unconfirmed,
});

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
