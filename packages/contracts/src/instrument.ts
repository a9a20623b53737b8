import { type Static, Type } from 'typebox';
import { NonNegativeDecimal } from './scalars.ts';
import { InstrumentName, Venue } from './venue.ts';

/** What a venue allows on an instrument. Prices and notionals in the quote asset, sizes in the base asset. */
export const Instrument = Type.Object({
  venue: Venue,
  instrument: InstrumentName,
  baseAsset: Type.String(),
  quoteAsset: Type.String(),
  /** Smallest price step. */
  tickSize: NonNegativeDecimal,
  /** Smallest quantity step; an order's quantity is a multiple of it. */
  stepSize: NonNegativeDecimal,
  minQuantity: NonNegativeDecimal,
  /** Smallest price * quantity of an order. */
  minNotional: NonNegativeDecimal,
  tradeable: Type.Boolean(),
});
export type Instrument = Static<typeof Instrument>;
