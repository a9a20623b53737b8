import type { BotEvent, BotHappening, Order, Trade } from '@onefeed/contracts';
import type { ShardBatch } from '@onefeed/db';
import { formatAmount, storePosition } from '@onefeed/domain';
import type { RunningBot } from './running-bot.ts';
import type { ShardMemory } from './shard-memory.ts';

/** What one job of a shard changed, gathered while memory changes, stored at its end. */
export interface BatchDraft {
  order(bot: RunningBot, order: Order): void;
  closed(bot: RunningBot, positionId: string, trade: Trade): void;
  /** Cash or the count of signals changed. */
  botChanged(bot: RunningBot, newSignals?: number): void;
  happened(bot: { id: string; userId: string }, happening: BotHappening): void;
  commandDone(id: string): void;
  /** True when something must be stored now; cursors and high-water marks may wait for the next batch. */
  urgent(): boolean;
  /** Number of orders and events so far. */
  size(): number;
  readonly orders: readonly { userId: string; order: Order }[];
  readonly trades: readonly { userId: string; trade: Trade }[];
  finish(): ShardBatch;
}

/** `now`: wall clock of the events' log. */
export function createBatchDraft(memory: ShardMemory, now: () => number): BatchDraft {
  const orders: { userId: string; order: Order }[] = [];
  const closed: string[] = [];
  const trades: { userId: string; trade: Trade }[] = [];
  const changedBots = new Map<string, { bot: RunningBot; newSignals: number }>();
  const events: BotEvent[] = [];
  const commandIds: string[] = [];

  return {
    orders,
    trades,
    order(bot, order) {
      orders.push({ userId: bot.userId, order });
    },
    closed(bot, positionId, trade) {
      closed.push(positionId);
      trades.push({ userId: bot.userId, trade });
    },
    botChanged(bot, newSignals = 0) {
      const change = changedBots.get(bot.id);
      if (change === undefined) changedBots.set(bot.id, { bot, newSignals });
      else change.newSignals += newSignals;
    },
    happened(bot, happening) {
      memory.cursors.eventSeq += 1;
      const { eventSeq: seq } = memory.cursors;
      events.push({ shard: memory.shard, seq, userId: bot.userId, botId: bot.id, at: now(), happening });
    },
    commandDone(id) {
      commandIds.push(id);
    },
    urgent: () => orders.length + closed.length + changedBots.size + events.length + commandIds.length > 0,
    size: () => orders.length + events.length,
    finish() {
      const positions = [];
      for (const { bot, instrument } of memory.unstored.values()) {
        const position = bot.positions.get(instrument);
        if (position !== undefined) positions.push({ userId: bot.userId, position: storePosition(position) });
      }
      return {
        shard: memory.shard,
        epoch: memory.epoch,
        eventSeqBefore: memory.storedEventSeq,
        after: { ...memory.cursors },
        orders,
        positions,
        closedPositionIds: closed,
        trades,
        bots: [...changedBots.values()].map(({ bot, newSignals }) => ({
          id: bot.id,
          cash: formatAmount(bot.cash),
          newSignals,
        })),
        events,
        commandIds,
      };
    },
  };
}
