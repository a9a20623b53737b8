import { createHash } from 'node:crypto';
import { base58, base58Bytes } from './address.ts';

const PUMP_PROGRAM = base58Bytes('6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P');
/** The prime and the constant d of curve25519 in its Edwards form. */
const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * The account of a mint's bonding curve: Solana's program address of ["bonding-curve", mint], that is the
 * first hash, counting the bump down from 255, that is no point of the curve.
 */
export function bondingCurveAddress(mint: string): string {
  for (let bump = 255; bump >= 0; bump -= 1) {
    const hash = createHash('sha256')
      .update('bonding-curve')
      .update(base58Bytes(mint))
      .update(Uint8Array.of(bump))
      .update(PUMP_PROGRAM)
      .update('ProgramDerivedAddress')
      .digest();
    if (!isOnCurve(hash)) return base58(hash);
  }
  throw new Error(`mint ${mint} has no curve address`);
}

/** Whether 32 bytes are the compressed form of a point: x^2 = (y^2 - 1) / (d y^2 + 1) has a solution. */
function isOnCurve(bytes: Uint8Array): boolean {
  let y = 0n;
  for (let index = 31; index >= 0; index -= 1) y = (y << 8n) | BigInt(bytes[index] ?? 0);
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
