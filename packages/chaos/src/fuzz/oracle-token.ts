import { TokenEvent } from '@onefeed/contracts';
import { Compile } from 'typebox/compile';

const eventSchema = Compile(TokenEvent);
/** u64: no amount on the chain is larger. */
const MAX_AMOUNT = 18_446_744_073_709_551_615n;
/** Postgres' jsonb refuses a zero character and half a surrogate pair. */
const isStorable = (value: unknown): boolean =>
  typeof value !== 'string' || (value.isWellFormed() && !value.includes('\u0000'));

/** Why no such event may be stored and believed; null when it may. */
export function faultOfEvent(event: TokenEvent, dedupeKey: string, at: number): string | null {
  if (!eventSchema.Check(event)) return 'the event is not of its schema';
  if (event.at !== at) return 'not the arrival time';
  if (![...Object.values(event), dedupeKey].every(isStorable)) return 'a text that Postgres cannot store';
  if (dedupeKey === '' || !dedupeKey.includes(event.mint)) return 'a key that does not name the token';
  if (event.kind === 'created') {
    if ([...event.name, ...event.symbol].length > 400 || event.uri.length > 600) return 'an unbounded text';
    return (
      faultOfAmounts([event.initialTokenUnits, event.initialSolLamports]) ?? faultOfReserves(event.reserves)
    );
  }
  if (event.kind === 'traded') {
    return (
      faultOfAmounts([event.tokenUnits, event.solLamports]) ??
      (event.reserves === null ? null : faultOfReserves(event.reserves))
    );
  }
  return null;
}

type Reserves = Extract<TokenEvent, { kind: 'created' }>['reserves'];

function faultOfReserves({ virtualSolLamports, virtualTokenUnits }: Reserves): string | null {
  if (BigInt(virtualSolLamports) <= 0n || BigInt(virtualTokenUnits) <= 0n)
    return 'reserves that price nothing';
  return faultOfAmounts([virtualSolLamports, virtualTokenUnits]);
}

function faultOfAmounts(amounts: readonly string[]): string | null {
  return amounts.some((amount) => BigInt(amount) > MAX_AMOUNT)
    ? 'an amount larger than the chain holds'
    : null;
}
