import { type Static, Type } from 'typebox';
import { Decimal, NonNegativeDecimal, TimeMs } from './scalars.ts';
import { Timeframe } from './timeframe.ts';
import { InstrumentName, Venue } from './venue.ts';

/**
 * One bar, keyed by (venue, instrument, timeframe, openTime). `closed` is false while it forms.
 * Numbers are the venue's own decimal texts, unchanged.
 */
export const Candle = Type.Object({
  venue: Venue,
  instrument: InstrumentName,
  timeframe: Timeframe,
  openTime: TimeMs,
  open: Decimal,
  high: Decimal,
  low: Decimal,
  close: Decimal,
  volume: NonNegativeDecimal,
  quoteVolume: NonNegativeDecimal,
  /** Number of trades in the bar. */
  trades: Type.Integer({ minimum: 0 }),
  closed: Type.Boolean(),
});
export type Candle = Static<typeof Candle>;

/**
 * A stored closed candle. `seq` rises by commit order per venue (one writer per venue), so it is a gap-free
 * cursor for readers.
 */
export const StoredCandle = Type.Intersect([Candle, Type.Object({ seq: Type.Integer({ minimum: 1 }) })]);
export type StoredCandle = Static<typeof StoredCandle>;
