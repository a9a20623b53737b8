import type { Reserves, TokenEvent } from '@onefeed/contracts';

/** Digits after the point on the wire. The cheapest curve price, 2.8e-8 SOL, keeps eleven significant ones. */
const DECIMALS = 18;
const SCALE = 10n ** 18n;

/** SOL per whole token of an amount of lamports (1e9) for an amount of token base units (1e6), as decimal text. */
export function pricePerToken(solLamports: bigint, tokenUnits: bigint): string {
  // (lamports / 1e9) / (units / 1e6) = lamports / units / 1000
  const scaled = (solLamports * SCALE + tokenUnits * 500n) / (tokenUnits * 1_000n);
  const digits = scaled.toString().padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/**
 * The token's price after an event: by its reserves, or in the reduced form after graduation by the amounts
 * traded. Null when the event says nothing of a price.
 */
export function priceAfter(event: TokenEvent): string | null {
  if (event.kind === 'migrated') return null;
  if (event.kind === 'created') return priceOf(event.reserves);
  if (event.kind === 'checked') return event.state === null ? null : priceOf(event.state.reserves);
  if (event.reserves !== null) return priceOf(event.reserves);
  // A trade on the curve without reserves came late: the price has moved on.
  if (event.pool === 'curve') return null;
  const sol = BigInt(event.solLamports);
  const tokens = BigInt(event.tokenUnits);
  // Dust trades round to nothing and would give a price of zero.
  if (sol < 1_000n || tokens < 1_000n) return null;
  return pricePerToken(sol, tokens);
}

function priceOf({ virtualSolLamports, virtualTokenUnits }: Reserves): string {
  return pricePerToken(BigInt(virtualSolLamports), BigInt(virtualTokenUnits));
}
