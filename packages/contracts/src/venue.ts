import { type Static, Type } from 'typebox';

export const VENUES = ['binance', 'pumpfun'] as const;
export const Venue = Type.Union([Type.Literal('binance'), Type.Literal('pumpfun')]);
export type Venue = Static<typeof Venue>;

/** A venue's own name of what is traded: `BTCUSDT`, or the mint address of a token. */
export const InstrumentName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9]+$' });
export type InstrumentName = Static<typeof InstrumentName>;
