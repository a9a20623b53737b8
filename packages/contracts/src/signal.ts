import { type Static, Type } from 'typebox';
import { BigId, Decimal, TimeMs } from './scalars.ts';
import { InstrumentName, Venue } from './venue.ts';

export const SignalKind = Type.Union([Type.Literal('entry'), Type.Literal('exit')]);
export type SignalKind = Static<typeof SignalKind>;

/** Why a signal was given: the rule's text and the value of each named node when it turned true. */
export const Provenance = Type.Object({
  rule: Type.String(),
  values: Type.Array(
    Type.Object({ node: Type.String(), value: Type.Union([Type.Number(), Type.Boolean(), Type.Null()]) }),
  ),
});
export type Provenance = Static<typeof Provenance>;

/** What identifies a signal (I3): the same content never makes a second one. */
export const SignalDraft = Type.Object({
  venue: Venue,
  instrument: InstrumentName,
  /** Hash of the strategy's canonical text: equal rules of different users share signals. */
  ruleKey: Type.String({ minLength: 16, maxLength: 64 }),
  kind: SignalKind,
  /** Close time of the candle, or arrival time of the token event, that made the rule true. */
  eventTime: TimeMs,
  /** Distinguishes events of one instant (a token event's seq); the candle's open time for candles. */
  eventId: Type.String({ maxLength: 64 }),
  price: Decimal,
  provenance: Provenance,
});
export type SignalDraft = Static<typeof SignalDraft>;

/** A stored signal. Ids rise in commit order (one writer per partition), so an id is a cursor. */
export const Signal = Type.Intersect([SignalDraft, Type.Object({ id: BigId })]);
export type Signal = Static<typeof Signal>;
