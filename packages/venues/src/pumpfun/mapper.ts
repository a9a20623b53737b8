import type { Reserves, TokenEvent } from '@onefeed/contracts';
import type { Static } from 'typebox';
import { bondingCurveAddress } from '../solana/program-address.ts';
import { displayText, MAX_NAME_LENGTH, MAX_URI_LENGTH } from './display-text.ts';
import { createKey, migrateKey, tradeKey } from './event-keys.ts';
import {
  CREATES_ACKNOWLEDGED,
  type CreateFrame,
  createFrame,
  errorsFrame,
  KEYS_ACKNOWLEDGED,
  MIGRATIONS_ACKNOWLEDGED,
  messageFrame,
  migrateFrame,
  TRADES_REFUSED,
  type TradeFrame,
  tradeFrame,
  UNSUBSCRIBED,
} from './frames.ts';
import { LAMPORTS_PER_SOL, toBaseUnits, UNITS_PER_TOKEN } from './units.ts';
import { isUsualCurve, MAYHEM, OTHER_ACCOUNT, OTHER_CURVE } from './untradeable.ts';

/** `bad`: not of a known form. `dropped`: understood, and nothing for us. Reasons are few, they label a metric. */
export type PumpFrame =
  | { kind: 'event'; event: TokenEvent; dedupeKey: string }
  | { kind: 'acknowledged'; what: 'creates' | 'migrations' | 'keys' | 'unsubscribed' }
  | { kind: 'tradesRefused' }
  | { kind: 'message'; text: string }
  | { kind: 'errors'; text: string }
  | { kind: 'dropped'; reason: 'other_pool' | 'quote_mint' }
  | { kind: 'bad'; reason: PumpBadReason };

export type PumpBadReason =
  | 'not_json'
  | 'unknown_frame'
  | 'wrong_shape'
  | 'amount_out_of_range'
  | 'missing_reserves';

/** Mints that coins are priced in: the venue mislabels creates of coins paired with them. */
const QUOTE_MINTS: ReadonlySet<string> = new Set([
  'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  'So11111111111111111111111111111111111111112',
  'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
]);

const bad = (reason: PumpBadReason): PumpFrame => ({ kind: 'bad', reason });

/** Maps a text frame. `at` is its arrival time in ms: the venue sends none. Never throws. */
export function mapPumpFrame(text: string, at: number): PumpFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return bad('not_json');
  }
  if (typeof frame !== 'object' || frame === null) return bad('unknown_frame');
  if (!('txType' in frame)) return mapControl(frame);
  switch (frame.txType) {
    case 'create':
      return mapCreate(frame, at);
    case 'buy':
    case 'sell':
      return mapTrade(frame, at);
    case 'migrate':
      return mapMigrate(frame, at);
    default:
      return bad('unknown_frame');
  }
}

function mapControl(frame: object): PumpFrame {
  if (errorsFrame.Check(frame)) return { kind: 'errors', text: frame.errors };
  if (!messageFrame.Check(frame)) return bad('unknown_frame');
  if (frame.message === CREATES_ACKNOWLEDGED) return { kind: 'acknowledged', what: 'creates' };
  if (frame.message === MIGRATIONS_ACKNOWLEDGED) return { kind: 'acknowledged', what: 'migrations' };
  if (frame.message === KEYS_ACKNOWLEDGED) return { kind: 'acknowledged', what: 'keys' };
  if (frame.message === UNSUBSCRIBED) return { kind: 'acknowledged', what: 'unsubscribed' };
  if (frame.message.startsWith(TRADES_REFUSED)) return { kind: 'tradesRefused' };
  return { kind: 'message', text: frame.message };
}

function mapCreate(frame: object, at: number): PumpFrame {
  if ('pool' in frame && typeof frame.pool === 'string' && frame.pool !== 'pump') {
    return { kind: 'dropped', reason: 'other_pool' };
  }
  if (!createFrame.Check(frame)) return bad('wrong_shape');
  if (QUOTE_MINTS.has(frame.mint)) return { kind: 'dropped', reason: 'quote_mint' };
  const initialTokenUnits = toBaseUnits(frame.initialBuy, UNITS_PER_TOKEN);
  const initialSolLamports = toBaseUnits(frame.solAmount, LAMPORTS_PER_SOL);
  const reserves = toReserves(frame.vSolInBondingCurve, frame.vTokensInBondingCurve);
  if (initialTokenUnits === null || initialSolLamports === null || reserves === null) {
    return bad('amount_out_of_range');
  }
  return {
    kind: 'event',
    dedupeKey: createKey(frame.mint, frame.signature),
    event: {
      kind: 'created',
      seq: 0,
      mint: frame.mint,
      at,
      signature: frame.signature,
      creator: frame.traderPublicKey,
      name: displayText(frame.name, MAX_NAME_LENGTH),
      symbol: displayText(frame.symbol, MAX_NAME_LENGTH),
      uri: displayText(frame.uri, MAX_URI_LENGTH),
      initialTokenUnits,
      initialSolLamports,
      reserves,
      untradeableReason: untradeableReason(frame, reserves),
    },
  };
}

/**
 * Why no bot may buy a token. A coin in another quote asset cannot always be told: the venue fills such frames with
 * numbers of the usual curve. In recorded sessions a frame that named another account than the mint's curve was
 * never of an ordinary coin.
 */
function untradeableReason(frame: Static<typeof CreateFrame>, reserves: Reserves): string | null {
  if (frame.is_mayhem_mode === true) return MAYHEM;
  if (!isUsualCurve(BigInt(reserves.virtualSolLamports), BigInt(reserves.virtualTokenUnits))) {
    return OTHER_CURVE;
  }
  if (typeof frame.bondingCurveKey === 'string') {
    const derived = bondingCurveAddress(frame.mint);
    if (derived !== null && derived !== frame.bondingCurveKey) return OTHER_ACCOUNT;
  }
  return null;
}

function mapTrade(frame: object, at: number): PumpFrame {
  if (!tradeFrame.Check(frame)) return bad('wrong_shape');
  const { pool } = frame;
  if (pool !== undefined && pool !== 'pump' && pool !== 'pump-amm') {
    return { kind: 'dropped', reason: 'other_pool' };
  }
  const tokenUnits = toBaseUnits(frame.tokenAmount, UNITS_PER_TOKEN);
  const solLamports = toBaseUnits(frame.solAmount, LAMPORTS_PER_SOL);
  if (tokenUnits === null || solLamports === null) return bad('amount_out_of_range');
  const reserves = pool === 'pump' ? curveReserves(frame) : poolReserves(frame);
  if (reserves === 'missing') return bad('missing_reserves');
  if (reserves === 'out_of_range') return bad('amount_out_of_range');
  const event = {
    kind: 'traded',
    seq: 0,
    mint: frame.mint,
    at,
    signature: frame.signature,
    side: frame.txType,
    trader: frame.traderPublicKey,
    tokenUnits,
    solLamports,
    reserves,
    pool: pool === 'pump' ? 'curve' : 'amm',
  } as const;
  return { kind: 'event', event, dedupeKey: tradeKey(event) };
}

type TradeReserves = Reserves | null | 'missing' | 'out_of_range';

function curveReserves(frame: Static<typeof TradeFrame>): TradeReserves {
  if (frame.vSolInBondingCurve === undefined || frame.vTokensInBondingCurve === undefined) return 'missing';
  return toReserves(frame.vSolInBondingCurve, frame.vTokensInBondingCurve) ?? 'out_of_range';
}

/** The reduced form after graduation has no reserves; the price then follows from the amounts traded. */
function poolReserves(frame: Static<typeof TradeFrame>): TradeReserves {
  if (frame.solInPool === undefined || frame.tokensInPool === undefined) return null;
  return toReserves(frame.solInPool, frame.tokensInPool) ?? 'out_of_range';
}

/** Null when a reserve is zero or out of range: nothing can be priced by it. */
function toReserves(sol: number, tokens: number): Reserves | null {
  const virtualSolLamports = toBaseUnits(sol, LAMPORTS_PER_SOL);
  const virtualTokenUnits = toBaseUnits(tokens, UNITS_PER_TOKEN);
  if (virtualSolLamports === null || virtualTokenUnits === null) return null;
  if (virtualSolLamports === '0' || virtualTokenUnits === '0') return null;
  return { virtualSolLamports, virtualTokenUnits };
}

function mapMigrate(frame: object, at: number): PumpFrame {
  if (!migrateFrame.Check(frame)) return bad('wrong_shape');
  return {
    kind: 'event',
    dedupeKey: migrateKey(frame.mint, frame.signature),
    event: {
      kind: 'migrated',
      seq: 0,
      mint: frame.mint,
      at,
      signature: frame.signature,
      pool: displayText(frame.pool, MAX_NAME_LENGTH),
    },
  };
}
