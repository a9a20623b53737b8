import { decodeBytes } from './byte-reader.ts';

/** A bonding curve as its account holds it: lamports and token base units. After migration all reserves are zero. */
export interface CurveAccount {
  virtualTokenUnits: bigint;
  virtualSolLamports: bigint;
  realTokenUnits: bigint;
  realSolLamports: bigint;
  supplyUnits: bigint;
  isComplete: boolean;
  creator: string;
  /** The rest is absent in accounts of older programs. */
  isMayhem: boolean;
  /** The default key (32 zero bytes) stands for SOL. */
  quoteMint: string;
}

const DISCRIMINATOR = '17b7f83760d8ac60';
const DEFAULT_QUOTE = '11111111111111111111111111111111';

/**
 * Decodes the data of a curve's account (115 or 151 bytes in recorded ones; the program appends fields). Null when
 * it is no such account.
 */
export function decodeCurveAccount(data: Uint8Array): CurveAccount | null {
  if (Buffer.from(data.buffer, data.byteOffset, Math.min(8, data.length)).toString('hex') !== DISCRIMINATOR) {
    return null;
  }
  return decodeBytes(data, (reader) => {
    const account: CurveAccount = {
      virtualTokenUnits: reader.u64(),
      virtualSolLamports: reader.u64(),
      realTokenUnits: reader.u64(),
      realSolLamports: reader.u64(),
      supplyUnits: reader.u64(),
      isComplete: reader.bool(),
      creator: '',
      isMayhem: false,
      quoteMint: DEFAULT_QUOTE,
    };
    if (reader.left() < 32) return account;
    account.creator = reader.key();
    if (reader.left() === 0) return account;
    account.isMayhem = reader.bool();
    // A cashback coin: bool.
    if (reader.left() < 33) return account;
    reader.skip(1);
    account.quoteMint = reader.key();
    return account;
  });
}
