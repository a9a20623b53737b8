import type { Pool } from '../pool.ts';

/** A bot whose money does not add up. `expected` and `cash` are decimal text. */
export interface LedgerMismatch {
  botId: string;
  expected: string;
  cash: string;
}

/** The check that nothing was lost or made up (I7). */
export function createLedgerRepository(pool: Pool) {
  return {
    /** Bots of a shard whose cash is not initial cash less what is bound in positions plus every trade's profit. */
    async mismatches(shard: number, limit: number): Promise<LedgerMismatch[]> {
      const result = await pool.query<{ bot_id: string; expected: string; cash: string }>(
        `with held as (
           select bot_id, sum(cost - proceeds) as bound from open_positions where shard = $1 group by bot_id
         ), made as (
           select trade.bot_id, sum(trade.profit) as profit
           from completed_trades as trade join bots on bots.id = trade.bot_id
           where bots.shard = $1 group by trade.bot_id
         )
         select bots.id as bot_id, bots.cash,
           bots.initial_cash - coalesce(held.bound, 0) + coalesce(made.profit, 0) as expected
         from bots left join held on held.bot_id = bots.id left join made on made.bot_id = bots.id
         where bots.shard = $1
           and bots.cash <> bots.initial_cash - coalesce(held.bound, 0) + coalesce(made.profit, 0)
         limit $2`,
        [shard, limit],
      );
      return result.rows.map((row) => ({ botId: row.bot_id, expected: row.expected, cash: row.cash }));
    },
  };
}
export type LedgerRepository = ReturnType<typeof createLedgerRepository>;
