import { createHash } from 'node:crypto';
import { base58, base58Bytes } from './base58.ts';

/** The program of pump.fun's bonding curves. */
export const PUMP_PROGRAM = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P';

const KEY_BYTES = 32;
/** The prime and the constant d of curve25519 in its Edwards form. */
const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

const PROGRAM_BYTES = base58Bytes(PUMP_PROGRAM) ?? new Uint8Array();

/**
 * The account of a mint's bonding curve: Solana's program address of ["bonding-curve", mint], that is the
 * first hash, counting the bump down from 255, that is no point of the curve. Null when `mint` is not a key.
 * The venue's frames name a wrong account for some coins, so it is derived and never taken from them.
 */
export function bondingCurveAddress(mint: string): string | null {
  const mintBytes = base58Bytes(mint);
  if (mintBytes?.length !== KEY_BYTES) return null;
  for (let bump = 255; bump >= 0; bump -= 1) {
    const hash = createHash('sha256')
      .update('bonding-curve')
      .update(mintBytes)
      .update(Uint8Array.of(bump))
      .update(PROGRAM_BYTES)
      .update('ProgramDerivedAddress')
      .digest();
    if (!isOnCurve(hash)) return base58(hash);
  }
  return null;
}

/** Whether 32 bytes are the compressed form of a point: x^2 = (y^2 - 1) / (d y^2 + 1) has a solution. */
function isOnCurve(bytes: Uint8Array): boolean {
  let y = 0n;
  for (let index = KEY_BYTES - 1; index >= 0; index -= 1) y = (y << 8n) | BigInt(bytes[index] ?? 0);
  y &= 2n ** 255n - 1n;
  if (y >= P) return false;
  const ySquared = (y * y) % P;
  const numerator = (ySquared - 1n + P) % P;
  const denominator = (D * ySquared + 1n) % P;
  // u/v is a square exactly when u*v is: Euler's criterion needs no division.
  const product = (numerator * denominator) % P;
  return product === 0n || power(product, (P - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % P) {
    if (left & 1n) result = (result * square) % P;
  }
  return result;
}
