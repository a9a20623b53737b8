import { type Static, Type } from 'typebox';
import { Bot, BotMode, RiskSettings, Stake } from '../bot.ts';
import { ExitPlan } from '../exit-plan.ts';
import { Order } from '../order.ts';
import { Position, Trade } from '../position.ts';
import { Uuid } from '../scalars.ts';
import { InstrumentName, Venue } from '../venue.ts';

/** Longest strategy text in characters. */
export const MAX_STRATEGY_LENGTH = 8_192;

/** Exactly one of `strategyId` (a stored strategy's id or a built-in's name) and `strategy` (its text). */
export const CreateBot = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    venue: Venue,
    instruments: Type.Array(InstrumentName, { maxItems: 50 }),
    strategyId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    strategy: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_STRATEGY_LENGTH })),
    mode: BotMode,
    stake: Stake,
    exitPlan: ExitPlan,
    risk: RiskSettings,
  },
  { additionalProperties: false },
);
export type CreateBot = Static<typeof CreateBot>;

const ok = Type.Literal(true);
const nextCursor = Type.Union([Type.String(), Type.Null()]);

export const BotAnswer = Type.Object({ success: ok, bot: Bot });
export const BotsAnswer = Type.Object({ success: ok, bots: Type.Array(Bot), nextCursor });
export const PositionsAnswer = Type.Object({ success: ok, positions: Type.Array(Position), nextCursor });
export const OrdersAnswer = Type.Object({ success: ok, orders: Type.Array(Order), nextCursor });
export const TradesAnswer = Type.Object({ success: ok, trades: Type.Array(Trade), nextCursor });
/** What a bot did with one signal, or why not. */
export const Decision = Type.Object({
  botId: Uuid,
  signalId: Type.String(),
  code: Type.String(),
  limit: Type.Union([Type.String(), Type.Null()]),
  value: Type.Union([Type.String(), Type.Null()]),
  at: Type.Integer(),
});
export type Decision = Static<typeof Decision>;
export const DecisionsAnswer = Type.Object({ success: ok, decisions: Type.Array(Decision), nextCursor });

/** `GET /api/bots/:id/status`. `profit` is of completed trades, in the quote asset. */
export const BotStatusAnswer = Type.Object({
  success: ok,
  bot: Bot,
  uptimeSeconds: Type.Integer(),
  openPositions: Type.Integer(),
  completedTrades: Type.Integer(),
  profit: Type.String(),
});
export type BotStatusAnswer = Static<typeof BotStatusAnswer>;

export type BotAnswer = Static<typeof BotAnswer>;
export type BotsAnswer = Static<typeof BotsAnswer>;
export type PositionsAnswer = Static<typeof PositionsAnswer>;
export type OrdersAnswer = Static<typeof OrdersAnswer>;
export type TradesAnswer = Static<typeof TradesAnswer>;
export type DecisionsAnswer = Static<typeof DecisionsAnswer>;

/** An answer that says no more than that it was done. */
export const Done = Type.Object({ success: ok });
export type Done = Static<typeof Done>;
