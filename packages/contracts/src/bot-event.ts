import { type Static, Type } from 'typebox';
import { Order } from './order.ts';
import { Position, Trade } from './position.ts';
import { Decimal, TimeMs, Uuid } from './scalars.ts';

/** What happened in a bot. `cash` is the bot's money after it. */
export const BotHappening = Type.Union([
  Type.Object({ type: Type.Literal('orderFilled'), order: Order, cash: Decimal }),
  Type.Object({ type: Type.Literal('positionOpened'), position: Position, cash: Decimal }),
  Type.Object({ type: Type.Literal('positionChanged'), position: Position, cash: Decimal }),
  Type.Object({ type: Type.Literal('tradeCompleted'), trade: Trade, cash: Decimal }),
  Type.Object({ type: Type.Literal('botStarted') }),
  Type.Object({ type: Type.Literal('botStopped') }),
  /** An entry was not made; `code` from the refusal catalogue. */
  Type.Object({
    type: Type.Literal('entryRefused'),
    signalId: Type.String(),
    code: Type.String(),
    limit: Type.Union([Type.String(), Type.Null()]),
    value: Type.Union([Type.String(), Type.Null()]),
  }),
]);
export type BotHappening = Static<typeof BotHappening>;

/** A happening with its place in the log. (shard, seq) rises without gaps: one writer per shard. */
export const BotEvent = Type.Object({
  shard: Type.Integer({ minimum: 0 }),
  seq: Type.Integer({ minimum: 1 }),
  userId: Uuid,
  botId: Uuid,
  at: TimeMs,
  happening: BotHappening,
});
export type BotEvent = Static<typeof BotEvent>;
