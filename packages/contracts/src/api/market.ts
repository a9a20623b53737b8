import { type Static, Type } from 'typebox';
import { Instrument } from '../instrument.ts';
import { Decimal, NonNegativeDecimal, TimeMs } from '../scalars.ts';
import { Signal } from '../signal.ts';
import { Token } from '../token.ts';

const ok = Type.Literal(true);
const nextCursor = Type.Union([Type.String(), Type.Null()]);

/** A bar as charts want it. */
export const Bar = Type.Object({
  openTime: TimeMs,
  open: Decimal,
  high: Decimal,
  low: Decimal,
  close: Decimal,
  volume: NonNegativeDecimal,
  closed: Type.Boolean(),
});
export const CandlesAnswer = Type.Object({ success: ok, candles: Type.Array(Bar) });
export const SignalsAnswer = Type.Object({ success: ok, signals: Type.Array(Signal), nextCursor });
export const SignalAnswer = Type.Object({ success: ok, signal: Signal });
export const TokensAnswer = Type.Object({ success: ok, tokens: Type.Array(Token), nextCursor });

/** What can be traded with what. `source` is the strategy's text. */
export const CatalogAnswer = Type.Object({
  success: ok,
  venues: Type.Array(Type.Object({ venue: Type.String(), quoteAsset: Type.String(), live: Type.Boolean() })),
  instruments: Type.Array(Instrument),
  timeframes: Type.Array(Type.String()),
  strategies: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(),
      description: Type.String(),
      kind: Type.Union([Type.Literal('candle'), Type.Literal('token')]),
      source: Type.String(),
    }),
  ),
  exitPlanSchema: Type.Unknown(),
});

export type Bar = Static<typeof Bar>;
export type CandlesAnswer = Static<typeof CandlesAnswer>;
export type SignalsAnswer = Static<typeof SignalsAnswer>;
export type SignalAnswer = Static<typeof SignalAnswer>;
export type TokensAnswer = Static<typeof TokensAnswer>;
export type CatalogAnswer = Static<typeof CatalogAnswer>;
