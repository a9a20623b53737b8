import { type Static, Type } from 'typebox';
import { BotEvent } from '../bot-event.ts';

/** Newly stored bot events of one shard, ascending by seq. Stream `bots.<shard>`: may not be lost. */
export const BotMessage = Type.Object({ type: Type.Literal('botEvents'), events: Type.Array(BotEvent) });
export type BotMessage = Static<typeof BotMessage>;
