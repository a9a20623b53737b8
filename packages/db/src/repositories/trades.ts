import type { Pool } from '../pool.ts';

/** What a bot's closed trades mean for its next entries. Times: market clock, ms. */
export interface TradeFacts {
  botId: string;
  /** The newest UTC day (days since the epoch) with a closed trade, and the net profit of it. */
  day: number;
  profit: string;
  /** When a position in each instrument was last closed. */
  lastClosed: { instrument: string; closedAt: number }[];
}

const DAY_MS = 86_400_000;

/** Closed trades for the process that runs the bots. */
export function createTradesRepository(pool: Pool) {
  return {
    /**
     * Facts of the bots that closed something in the day before their own last close: cooldowns are at most a
     * day long. `bots`: only these; null: those of the shard that run or hold something.
     */
    async factsOfShard(shard: number, bots: readonly string[] | null): Promise<TradeFacts[]> {
      const result = await pool.query<{
        bot_id: string;
        day: string;
        profit: string;
        last_closed: { instrument: string; closedAt: number }[];
      }>(
        `with last as (
           select bots.id as bot_id, (
             select max(closed_at_ms) from completed_trades as trade where trade.bot_id = bots.id) as at
           from bots
           where bots.shard = $1 and ($2::uuid[] is null or bots.id = any($2))
             and (bots.state = 'running' or $2 is not null
               or exists (select 1 from open_positions where open_positions.bot_id = bots.id))
         ), recent as (
           select trade.bot_id, trade.instrument, max(trade.closed_at_ms) as closed_at,
             last.at / ${DAY_MS} as day,
             coalesce(sum(trade.profit) filter (where trade.closed_at_ms / ${DAY_MS} = last.at / ${DAY_MS}), 0) as profit
           from completed_trades as trade join last on last.bot_id = trade.bot_id
           where trade.closed_at_ms > last.at - ${DAY_MS}
           group by trade.bot_id, trade.instrument, last.at
         )
         select bot_id, day, sum(profit) as profit,
           jsonb_agg(jsonb_build_object('instrument', instrument, 'closedAt', closed_at)) as last_closed
         from recent group by bot_id, day`,
        [shard, bots],
      );
      return result.rows.map((row) => ({
        botId: row.bot_id,
        day: Number(row.day),
        profit: row.profit,
        lastClosed: row.last_closed,
      }));
    },
  };
}
export type TradesRepository = ReturnType<typeof createTradesRepository>;
