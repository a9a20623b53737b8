import { type Static, Type } from 'typebox';
import { Decimal, TimeMs } from './scalars.ts';
import { InstrumentName } from './venue.ts';

/** The latest price of an instrument in its quote asset (USDT; SOL per whole token on pumpfun). */
export const Price = Type.Object({ instrument: InstrumentName, price: Decimal, at: TimeMs });
export type Price = Static<typeof Price>;
