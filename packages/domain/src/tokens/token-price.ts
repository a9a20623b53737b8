import type { Reserves } from '@onefeed/contracts';

/**
 * Exact SOL per whole token of the reserves, cut (not rounded) after 18 decimals: lamports / 1e9 over base
 * units / 1e6.
 */
export function tokenPrice({ virtualSolLamports, virtualTokenUnits }: Reserves): string {
  const units = BigInt(virtualTokenUnits);
  if (units === 0n) return '0';
  const scaled = (BigInt(virtualSolLamports) * 10n ** 15n) / units;
  const digits = scaled.toString().padStart(19, '0');
  const decimals = digits.slice(-18).replace(/0+$/, '');
  return decimals === '' ? digits.slice(0, -18) : `${digits.slice(0, -18)}.${decimals}`;
}
