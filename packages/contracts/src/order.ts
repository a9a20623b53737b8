import { type Static, Type } from 'typebox';
import { BotMode } from './bot.ts';
import { Decimal, NonNegativeDecimal, TimeMs, Uuid } from './scalars.ts';
import { InstrumentName, Venue } from './venue.ts';

export const OrderSide = Type.Union([Type.Literal('buy'), Type.Literal('sell')]);
export type OrderSide = Static<typeof OrderSide>;

export const OrderStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('filled'),
  Type.Literal('rejected'),
]);
export type OrderStatus = Static<typeof OrderStatus>;

/** Why an order exists. `signal:<id>` for entries, `exit:<leg>` for exits; unique per bot and position (I4). */
export const Order = Type.Object({
  id: Uuid,
  clientId: Type.String(),
  botId: Uuid,
  positionId: Uuid,
  cause: Type.String(),
  venue: Venue,
  instrument: InstrumentName,
  side: OrderSide,
  mode: BotMode,
  status: OrderStatus,
  /** Base asset asked for (sells) or received before fees (buys). */
  quantity: NonNegativeDecimal,
  /** Average price of the fill in the quote asset; null before it is filled. */
  price: Type.Union([Decimal, Type.Null()]),
  /** Quote asset that changed hands, before fees. */
  quoteAmount: NonNegativeDecimal,
  fee: NonNegativeDecimal,
  feeAsset: Type.String(),
  createdAt: TimeMs,
});
export type Order = Static<typeof Order>;
