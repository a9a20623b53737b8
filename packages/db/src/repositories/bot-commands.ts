import type { Pool } from '../pool.ts';

export interface BotCommand {
  id: string;
  botId: string;
  command: 'closePositions';
}

/** What owners ordered of their bots and the runner has not carried out yet. */
export function createBotCommandsRepository(pool: Pool) {
  return {
    /** The oldest waiting commands of a shard. */
    async waiting(shard: number, limit: number): Promise<BotCommand[]> {
      const result = await pool.query<{ id: string; bot_id: string; command: 'closePositions' }>(
        'select id, bot_id, command from bot_commands where shard = $1 order by created_at, id limit $2',
        [shard, limit],
      );
      return result.rows.map((row) => ({ id: row.id, botId: row.bot_id, command: row.command }));
    },
  };
}
export type BotCommandsRepository = ReturnType<typeof createBotCommandsRepository>;
