import type { ExitPlan, Venue } from '@onefeed/contracts';
import type { StoredPosition } from '@onefeed/domain';
import type { Pool } from '../pool.ts';

interface PositionRow {
  id: string;
  bot_id: string;
  venue: Venue;
  instrument: string;
  quantity: string;
  original_quantity: string;
  entry_price: string;
  cost: string;
  proceeds: string;
  exit_plan: ExitPlan;
  exit_state: StoredPosition['exitState'];
  opened_at_ms: string;
}

/** Open positions for the process that guards them: all users', by shard. */
export function createPositionsRepository(pool: Pool) {
  return {
    async ofShard(shard: number): Promise<StoredPosition[]> {
      const result = await pool.query<PositionRow>('select * from open_positions where shard = $1', [shard]);
      return result.rows.map(toPosition);
    },
  };
}
export type PositionsRepository = ReturnType<typeof createPositionsRepository>;

const toPosition = (row: PositionRow): StoredPosition => ({
  id: row.id,
  botId: row.bot_id,
  venue: row.venue,
  instrument: row.instrument,
  quantity: row.quantity,
  originalQuantity: row.original_quantity,
  entryPrice: row.entry_price,
  cost: row.cost,
  proceeds: row.proceeds,
  exitPlan: row.exit_plan,
  exitState: row.exit_state,
  openedAt: Number(row.opened_at_ms),
});
