import type { Pool } from '../pool.ts';

/** How far a shard's owner has come; moved in the transactions that carry out what it read. */
export interface ShardCursors {
  epoch: number;
  signalCursor: bigint;
  tokenCursor: number;
  eventSeq: number;
}

/** Shards of bots: who may write them and how far they have read. */
export function createBotShardsRepository(pool: Pool) {
  return {
    /** Null before the shard had its first owner. */
    async get(shard: number): Promise<ShardCursors | null> {
      const result = await pool.query<{
        epoch: string;
        signal_cursor: string;
        token_cursor: string;
        event_seq: string;
      }>('select epoch, signal_cursor, token_cursor, event_seq from bot_shards where shard = $1', [shard]);
      const row = result.rows[0];
      if (row === undefined) return null;
      return {
        epoch: Number(row.epoch),
        signalCursor: BigInt(row.signal_cursor),
        tokenCursor: Number(row.token_cursor),
        eventSeq: Number(row.event_seq),
      };
    },
  };
}
export type BotShardsRepository = ReturnType<typeof createBotShardsRepository>;
