import { type Static, Type } from 'typebox';
import { ExitPlan } from './exit-plan.ts';
import { Decimal, NonNegativeDecimal, TimeMs, Uuid } from './scalars.ts';
import { InstrumentName, Venue } from './venue.ts';

/** An open position as its owner sees it. */
export const Position = Type.Object({
  id: Uuid,
  botId: Uuid,
  venue: Venue,
  instrument: InstrumentName,
  /** Base asset still held, and held after the entry. */
  quantity: NonNegativeDecimal,
  originalQuantity: NonNegativeDecimal,
  entryPrice: NonNegativeDecimal,
  /** Quote asset paid, fees included, and received so far, fees deducted. */
  cost: NonNegativeDecimal,
  proceeds: NonNegativeDecimal,
  exitPlan: ExitPlan,
  openedAt: TimeMs,
});
export type Position = Static<typeof Position>;

export const ExitReason = Type.Union([
  Type.Literal('take_profit'),
  Type.Literal('stop_loss'),
  Type.Literal('trailing_stop'),
  Type.Literal('time_limit'),
  Type.Literal('migration'),
  Type.Literal('signal'),
  Type.Literal('user'),
]);
export type ExitReason = Static<typeof ExitReason>;

/** A closed position. profit = proceeds - cost; both include every fee. */
export const Trade = Type.Object({
  id: Uuid,
  botId: Uuid,
  venue: Venue,
  instrument: InstrumentName,
  quantity: NonNegativeDecimal,
  entryPrice: NonNegativeDecimal,
  /** Volume-weighted over all exit legs. */
  exitPrice: NonNegativeDecimal,
  cost: NonNegativeDecimal,
  proceeds: NonNegativeDecimal,
  profit: Decimal,
  profitPercent: Type.Number(),
  /** Quantity too small for the venue to sell, written off. */
  dust: NonNegativeDecimal,
  exitReason: ExitReason,
  openedAt: TimeMs,
  closedAt: TimeMs,
});
export type Trade = Static<typeof Trade>;
