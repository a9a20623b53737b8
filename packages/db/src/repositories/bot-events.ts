import type { Pool } from '../pool.ts';

/** Upkeep of the log of what happened in bots. */
export function createBotEventsRepository(pool: Pool) {
  return {
    /**
     * Deletes at most `limit` of the shard's oldest events: those from before `atMs`, and those that more than
     * `keep` newer ones follow. Returns how many.
     */
    async prune(shard: number, atMs: number, keep: number, limit: number): Promise<number> {
      const result = await pool.query(
        `delete from bot_events where shard = $1
           and seq in (select seq from bot_events where shard = $1 order by seq limit $4)
           and (at < $2 or seq <= (select event_seq from bot_shards where shard = $1) - $3::int8)`,
        [shard, atMs, keep, limit],
      );
      return result.rowCount ?? 0;
    },
  };
}
export type BotEventsRepository = ReturnType<typeof createBotEventsRepository>;
