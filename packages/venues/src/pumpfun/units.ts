/** Lamports in a SOL and base units in a pump.fun token. */
export const LAMPORTS_PER_SOL = 1e9;
export const UNITS_PER_TOKEN = 1e6;

/** 9 SOL-million or 9 token-thousand-million: beyond it a float no longer holds single base units. */
const MAX_BASE_UNITS = Number.MAX_SAFE_INTEGER;

/**
 * The venue's frames carry UI units as JSON floats with noise such as 31.849999999999994. Base units are
 * integers, so rounding the product to the nearest restores them. Null when the number cannot be an amount.
 */
export function toBaseUnits(amount: number, unitsPerWhole: number): string | null {
  const units = Math.round(amount * unitsPerWhole);
  if (!Number.isFinite(units) || units < 0 || units > MAX_BASE_UNITS) return null;
  return String(units === 0 ? 0 : units);
}
