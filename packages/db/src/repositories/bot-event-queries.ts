import type { BotEvent } from '@onefeed/contracts';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { botEvents } from '../schema/index.ts';

/** The bots' log, read shard by shard in commit order. For relaying: answers hold every user's events. */
export function createBotEventQueries(db: Database) {
  return {
    /** Events of a shard after a cursor, ascending by seq. */
    async readAfter(shard: number, seq: bigint, limit: number): Promise<BotEvent[]> {
      return db
        .select()
        .from(botEvents)
        .where(and(eq(botEvents.shard, shard), gt(botEvents.seq, Number(seq))))
        .orderBy(asc(botEvents.seq))
        .limit(limit);
    },

    /** seq of the newest event of each shard that has one. */
    async newestSeqs(): Promise<ReadonlyMap<number, bigint>> {
      const rows = await db
        .select({ shard: botEvents.shard, seq: sql<string>`max(${botEvents.seq})` })
        .from(botEvents)
        .groupBy(botEvents.shard);
      return new Map(rows.map((row) => [row.shard, BigInt(row.seq)]));
    },
  };
}
export type BotEventQueries = ReturnType<typeof createBotEventQueries>;
