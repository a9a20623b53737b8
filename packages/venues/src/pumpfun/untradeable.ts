import { INITIAL_VIRTUAL_SOL_LAMPORTS, INITIAL_VIRTUAL_TOKEN_UNITS } from '@onefeed/domain';

/** Why no bot may buy a token, as people read it. */
export const MAYHEM = 'mayhem mode: the curve does not follow its formula';
export const OTHER_CURVE = 'the reserves are not of a curve that starts at 30 SOL';
export const OTHER_QUOTE = 'it is priced in another asset than SOL';
export const OTHER_ACCOUNT = "the venue names another account than the mint's own curve";

const CURVE_PRODUCT = INITIAL_VIRTUAL_SOL_LAMPORTS * INITIAL_VIRTUAL_TOKEN_UNITS;

/**
 * Whether reserves (lamports, token base units) are of the usual curve: their product stays within rounding of its
 * start, one millionth here, since every trade rounds in the curve's favour.
 */
export function isUsualCurve(virtualSolLamports: bigint, virtualTokenUnits: bigint): boolean {
  const drift = virtualSolLamports * virtualTokenUnits - CURVE_PRODUCT;
  return (drift < 0n ? -drift : drift) <= CURVE_PRODUCT / 1_000_000n;
}
