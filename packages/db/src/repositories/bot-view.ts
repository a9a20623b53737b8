import type { Bot } from '@onefeed/contracts';
import { sql } from 'drizzle-orm';
import { bots } from '../schema/index.ts';

/** The columns of a bot that its owner may see, and its place in lists. */
export const botColumns = {
  id: bots.id,
  name: bots.name,
  venue: bots.venue,
  instruments: bots.instruments,
  strategyName: bots.strategyName,
  strategySource: bots.strategySource,
  ruleKey: bots.ruleKey,
  mode: bots.mode,
  stake: bots.stake,
  exitPlan: bots.exitPlan,
  risk: bots.risk,
  state: bots.state,
  cash: bots.cash,
  initialCash: bots.initialCash,
  signalsReceived: bots.signalsReceived,
  startedAt: bots.startedAt,
  createdAt: bots.createdAt,
  shard: bots.shard,
  place: sql<string>`${bots.createdAt}::text`,
};

export type BotRow = Omit<Bot, 'createdAt'> & { createdAt: Date; shard: number; place: string };

export function toBot(row: BotRow): Bot {
  const { shard: _shard, place: _place, createdAt, ...bot } = row;
  return { ...bot, createdAt: createdAt.getTime() };
}
