import type { Pool } from '../database.ts';

/** Upkeep of the log of what happened in bots. */
export function createBotEventsRepository(pool: Pool) {
  return {
    /** Deletes at most `limit` of the shard's oldest events from before `atMs`; returns how many. */
    async prune(shard: number, atMs: number, limit: number): Promise<number> {
      const result = await pool.query(
        `delete from bot_events where shard = $1 and at < $2 and seq in (
           select seq from bot_events where shard = $1 order by seq limit $3)`,
        [shard, atMs, limit],
      );
      return result.rowCount ?? 0;
    },
  };
}
export type BotEventsRepository = ReturnType<typeof createBotEventsRepository>;
