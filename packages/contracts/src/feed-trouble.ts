import { type Static, Type } from 'typebox';
import { TimeMs } from './scalars.ts';
import { InstrumentName } from './venue.ts';

/**
 * Why an instrument's market data may not be believed; entries on it are refused with STALE_DATA meanwhile, exits
 * go on.
 */
export const FEED_TROUBLES = [
  /** No socket carries its streams. */
  'disconnected',
  /** Closed candles may be missing: its history is being read. */
  'incomplete',
  /** A closed candle should have come by the venue's time and the venue's history has none yet. */
  'overdue',
  /** The venue's history has a hole that no second reading has confirmed yet. */
  'hole',
  /** Its state was not seen without a break since it was last known to be right (tokens after a reconnect). */
  'unconfirmed',
] as const;
export const FeedTrouble = Type.Union([
  Type.Literal('disconnected'),
  Type.Literal('incomplete'),
  Type.Literal('overdue'),
  Type.Literal('hole'),
  Type.Literal('unconfirmed'),
]);
export type FeedTrouble = Static<typeof FeedTrouble>;

/** The trouble of one instrument; null when it is over. */
export const InstrumentHealth = Type.Object({
  instrument: InstrumentName,
  trouble: Type.Union([FeedTrouble, Type.Null()]),
  /** Venue time at which this began, ms. */
  since: TimeMs,
});
export type InstrumentHealth = Static<typeof InstrumentHealth>;
