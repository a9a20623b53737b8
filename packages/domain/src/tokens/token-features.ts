import type { Reserves, TokenChecked, TokenCreated, TokenEvent, TokenTraded } from '@onefeed/contracts';
import {
  INITIAL_REAL_TOKEN_UNITS,
  INITIAL_VIRTUAL_TOKEN_UNITS,
  LAMPORTS_PER_SOL,
  TOTAL_SUPPLY_UNITS,
  UNITS_PER_TOKEN,
} from '../execution/bonding-curve.ts';

/** What is known of a token after its newest event. Shares and changes are fractions; NaN: not known. */
export interface TokenFeatures {
  readonly mint: string;
  readonly creator: string;
  readonly createdAt: number;
  readonly untradeableReason: string | null;
  /** From the creation to the newest event. */
  readonly ageSeconds: number;
  readonly buys: number;
  readonly sells: number;
  /** Wallets other than the creator's; exact up to MAX_WALLETS, then it stays there. */
  readonly uniqueBuyers: number;
  readonly uniqueSellers: number;
  readonly buyVolumeSol: number;
  readonly sellVolumeSol: number;
  readonly devSells: number;
  readonly devShare: number;
  readonly curveProgress: number;
  readonly marketCapSol: number;
  readonly priceChange: number;
  readonly drawdown: number;
  readonly migrated: boolean;
  /** Given by the predictor after each event; null while unscored. */
  readonly aiScore: number | null;
}

export interface TrackedToken {
  readonly features: TokenFeatures;
  /** Reserves after the newest event that told them. */
  readonly reserves: Reserves;
  readonly lastEventAt: number;
  readonly lastSeq: number;
  apply(event: TokenEvent): void;
  score(aiScore: number | null): void;
}

/** Wallets remembered a token and side, so that one token cannot fill the memory. */
const MAX_WALLETS = 2_000;
const LAMPORTS = Number(LAMPORTS_PER_SOL);
const TOKEN_UNITS = Number(UNITS_PER_TOKEN);
const SUPPLY_UNITS = Number(TOTAL_SUPPLY_UNITS);

/** SOL per whole token, as a float: for features only. */
function priceOf(reserves: Reserves): number {
  return Number(reserves.virtualSolLamports) / LAMPORTS / (Number(reserves.virtualTokenUnits) / TOKEN_UNITS);
}

/** Follows one token from its creation. */
export function createTrackedToken(created: TokenCreated): TrackedToken {
  const buyers = new Set<string>();
  const sellers = new Set<string>();
  const firstPrice = priceOf(created.reserves);
  let devUnits = Number(created.initialTokenUnits);
  let highestPrice = firstPrice;
  let reserves = created.reserves;
  let lastEventAt = created.at;
  let lastSeq = created.seq;
  const bought = devUnits > 0 ? 1 : 0;
  const features = {
    mint: created.mint,
    creator: created.creator,
    createdAt: created.at,
    untradeableReason: created.untradeableReason,
    ageSeconds: 0,
    buys: bought,
    sells: 0,
    uniqueBuyers: 0,
    uniqueSellers: 0,
    buyVolumeSol: Number(created.initialSolLamports) / LAMPORTS,
    sellVolumeSol: 0,
    devSells: 0,
    devShare: devUnits / SUPPLY_UNITS,
    curveProgress: 0,
    marketCapSol: 0,
    priceChange: 0,
    drawdown: 0,
    migrated: false,
    aiScore: null as number | null,
  };
  takeReserves(created.reserves, true);

  function takeReserves(next: Reserves, isCurve: boolean): void {
    const price = priceOf(next);
    if (!Number.isFinite(price) || price <= 0) return;
    reserves = next;
    highestPrice = Math.max(highestPrice, price);
    features.marketCapSol = (price * SUPPLY_UNITS) / TOKEN_UNITS;
    features.priceChange = price / firstPrice - 1;
    features.drawdown = 1 - price / highestPrice;
    if (isCurve) {
      const sold = Number(INITIAL_VIRTUAL_TOKEN_UNITS) - Number(next.virtualTokenUnits);
      features.curveProgress = Math.min(1, Math.max(0, sold / Number(INITIAL_REAL_TOKEN_UNITS)));
    }
  }

  function takeTrade(trade: TokenTraded): void {
    const sol = Number(trade.solLamports) / LAMPORTS;
    const units = Number(trade.tokenUnits);
    const isBuy = trade.side === 'buy';
    const isDev = trade.trader === features.creator;
    if (isBuy) {
      features.buys++;
      features.buyVolumeSol += sol;
    } else {
      features.sells++;
      features.sellVolumeSol += sol;
    }
    if (isDev) {
      devUnits = Math.max(0, devUnits + (isBuy ? units : -units));
      features.devShare = devUnits / SUPPLY_UNITS;
      if (!isBuy) features.devSells++;
    } else {
      const wallets = isBuy ? buyers : sellers;
      if (wallets.size < MAX_WALLETS) wallets.add(trade.trader);
      features.uniqueBuyers = buyers.size;
      features.uniqueSellers = sellers.size;
    }
    if (trade.reserves !== null) takeReserves(trade.reserves, trade.pool === 'curve' && !features.migrated);
  }

  function takeCheck(check: TokenChecked): void {
    features.untradeableReason = check.untradeableReason ?? features.untradeableReason;
    if (check.state === null) return;
    if (check.state.status === 'migrated') {
      features.migrated = true;
      features.curveProgress = 1;
    }
    takeReserves(check.state.reserves, !features.migrated);
  }

  return {
    features,
    get reserves() {
      return reserves;
    },
    get lastEventAt() {
      return lastEventAt;
    },
    get lastSeq() {
      return lastSeq;
    },
    apply(event) {
      lastEventAt = event.at;
      lastSeq = event.seq;
      features.ageSeconds = Math.max(0, event.at - features.createdAt) / 1_000;
      if (event.kind === 'traded') takeTrade(event);
      if (event.kind === 'migrated') {
        features.migrated = true;
        features.curveProgress = 1;
      }
      if (event.kind === 'checked') takeCheck(event);
    },
    score(aiScore) {
      features.aiScore = aiScore;
    },
  };
}
