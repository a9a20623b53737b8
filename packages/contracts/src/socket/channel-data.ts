import { type Static, Type } from 'typebox';
import { Bar } from '../api/market.ts';
import { AdminOverview } from '../api/operations.ts';
import { Bot } from '../bot.ts';
import { BotEvent } from '../bot-event.ts';
import { Position } from '../position.ts';
import { Price } from '../price.ts';
import { TimeMs } from '../scalars.ts';
import { Signal } from '../signal.ts';
import { Token, TokenEvent } from '../token.ts';

/** `candles:*`: at most 300 bars, oldest first, the forming one last; then each bar that changed. */
export const CandlesSnapshot = Type.Object({ candles: Type.Array(Bar) });
export type CandlesSnapshot = Static<typeof CandlesSnapshot>;
export const CandlesData = Type.Object({ candle: Bar });
export type CandlesData = Static<typeof CandlesData>;

/** `prices:*`: snapshot and data have one form. `at` is the venue's time. */
export const PricesData = Type.Object({ at: TimeMs, prices: Type.Array(Price) });
export type PricesData = Static<typeof PricesData>;

/** `tokens`: the newest tokens first; then events in the order they happened. */
export const TokensSnapshot = Type.Object({ tokens: Type.Array(Token) });
export type TokensSnapshot = Static<typeof TokensSnapshot>;
export const TokensData = Type.Object({ events: Type.Array(TokenEvent) });
export type TokensData = Static<typeof TokensData>;

/** `signals`: of the built-in strategies and of the reader's own. The snapshot has the newest first. */
export const SignalsData = Type.Object({ signals: Type.Array(Signal) });
export type SignalsData = Static<typeof SignalsData>;

/** `bots`: the reader's bots and open positions; then what happens in them. */
export const BotsSnapshot = Type.Object({ bots: Type.Array(Bot), positions: Type.Array(Position) });
export type BotsSnapshot = Static<typeof BotsSnapshot>;
/** `changed` carries a bot its owner created, started or stopped; `deleted` the id of one that is gone. */
export const BotsData = Type.Union([
  Type.Object({ events: Type.Array(BotEvent) }),
  Type.Object({ changed: Bot }),
  Type.Object({ deleted: Type.String() }),
]);
export type BotsData = Static<typeof BotsData>;

/** `admin`: snapshot and data have one form. */
export const AdminData = AdminOverview;
export type AdminData = AdminOverview;
