import { type Static, Type } from 'typebox';
import { Candle, StoredCandle } from '../candle.ts';
import { InstrumentHealth } from '../feed-trouble.ts';
import { Price } from '../price.ts';
import { TimeMs } from '../scalars.ts';
import { TokenEvent } from '../token.ts';
import { Venue } from '../venue.ts';

/** Newly stored closed candles, ascending by seq. Stream `candles.<venue>`: may not be lost. */
export const ClosedCandles = Type.Object({
  type: Type.Literal('closedCandles'),
  candles: Type.Array(StoredCandle),
});

/** Stored token events, ascending by seq. Stream `tokens.pumpfun`: may not be lost. */
export const TokenEvents = Type.Object({ type: Type.Literal('tokenEvents'), events: Type.Array(TokenEvent) });

/** Conflated forming candles, for display. Stream `forming.<venue>`: may be lost. */
export const FormingCandles = Type.Object({
  type: Type.Literal('formingCandles'),
  candles: Type.Array(Candle),
});

/**
 * Conflated latest prices and the venue's time. `at` is the market clock: bots know no other, so the same
 * messages always give the same decisions. Sent at least every second while the feed is live, even with no
 * price in it. Stream `prices.<venue>`: may be lost.
 */
export const Prices = Type.Object({
  type: Type.Literal('prices'),
  venue: Venue,
  at: TimeMs,
  prices: Type.Array(Price),
});

/**
 * Instruments whose data went bad or became right again. What was missed is in the table `feed_health`. Stream
 * `health.<venue>`: may not be lost.
 */
export const FeedHealth = Type.Object({
  type: Type.Literal('feedHealth'),
  venue: Venue,
  changes: Type.Array(InstrumentHealth),
});

export const MarketMessage = Type.Union([ClosedCandles, TokenEvents, FormingCandles, Prices, FeedHealth]);
export type MarketMessage = Static<typeof MarketMessage>;
export type PricesMessage = Static<typeof Prices>;
export type FeedHealthMessage = Static<typeof FeedHealth>;
