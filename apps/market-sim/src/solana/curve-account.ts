import { type BondingCurve, realTokenUnits, TOTAL_SUPPLY_UNITS } from '@onefeed/domain';
import type { ChainToken } from '../pumpfun/chain-event.ts';
import { createBorshWriter } from './borsh-writer.ts';
import { NO_KEY, realQuote } from './program-event.ts';

/** Recorded: curve_accounts.json of ../shared/data/pumpfun_logs. */
const DISCRIMINATOR = Buffer.from('17b7f83760d8ac60', 'hex');
const ACCOUNT_BYTES = 151;
/** What the account must hold to exist, below the traders' SOL. */
const RENT_LAMPORTS = 1_941_840n;
/** Discriminator, five u64, complete, creator, two flags, quote mint. */
const USED_BYTES = 8 + 5 * 8 + 1 + 32 + 1 + 1 + 32;

export interface CurveState {
  token: ChainToken;
  curve: BondingCurve;
  complete: boolean;
  /** All reserves read 0 from then on. */
  migrated: boolean;
  trades: number;
  lastSignature: string;
}

/** The data of a curve's account, as recorded ones are laid out. */
export function encodeCurveAccount({ token, curve, complete, migrated }: CurveState): Buffer {
  return createBorshWriter(DISCRIMINATOR)
    .u64(migrated ? 0n : curve.virtualTokenUnits)
    .u64(migrated ? 0n : curve.virtualSolLamports)
    .u64(migrated ? 0n : realTokenUnits(curve))
    .u64(migrated ? 0n : realQuote(token, curve))
    .u64(TOTAL_SUPPLY_UNITS)
    .u8(complete)
    .key(token.creator)
    .u8(token.mayhem)
    .u8(token.cashback)
    .key(token.quoteMint ?? NO_KEY)
    .zeros(ACCOUNT_BYTES - USED_BYTES)
    .bytes();
}

export const curveAccountLamports = ({ token, curve, migrated }: CurveState): bigint =>
  RENT_LAMPORTS + (migrated ? 0n : realQuote(token, curve));
