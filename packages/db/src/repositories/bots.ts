import type { BotMode, DesiredState, ExitPlan, RiskSettings, Stake, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** A bot as the process that runs it reads it. */
export interface RunnableBot {
  id: string;
  userId: string;
  venue: Venue;
  instruments: string[];
  ruleKey: string;
  mode: BotMode;
  stake: Stake;
  exitPlan: ExitPlan;
  risk: RiskSettings;
  state: DesiredState;
  shard: number;
  /** Decimal text, in the quote asset. */
  cash: string;
  /** Wall clock, ms; null before the first start. */
  startedAt: number | null;
}

interface BotRow {
  id: string;
  user_id: string;
  venue: Venue;
  instruments: string[];
  rule_key: string;
  mode: BotMode;
  stake: Stake;
  exit_plan: ExitPlan;
  risk: RiskSettings;
  state: DesiredState;
  shard: number;
  cash: string;
  started_at: string | null;
}

const COLUMNS =
  'id, user_id, venue, instruments, rule_key, mode, stake, exit_plan, risk, state, shard, cash, started_at';

/** Bots for the process that runs them: all users', by shard. */
export function createBotsRepository(pool: Pool) {
  return {
    /** The shard's bots that run, and the stopped ones that still hold something. */
    async ofShard(shard: number): Promise<RunnableBot[]> {
      const result = await pool.query<BotRow>(
        `select ${COLUMNS} from bots
         where shard = $1 and (state = 'running'
           or exists (select 1 from open_positions where open_positions.bot_id = bots.id))`,
        [shard],
      );
      return result.rows.map(toBot);
    },

    /** These bots, whatever their state; unknown ids are absent from the answer. */
    async getMany(ids: readonly string[]): Promise<RunnableBot[]> {
      if (ids.length === 0) return [];
      const result = await pool.query<BotRow>(`select ${COLUMNS} from bots where id = any($1::uuid[])`, [
        ids,
      ]);
      return result.rows.map(toBot);
    },

    /** True when there are bots that no runner with this many shards runs. */
    async anyPast(shards: number): Promise<boolean> {
      const result = await pool.query<{ any: boolean }>(
        'select exists (select 1 from bots where shard >= $1) as any',
        [shards],
      );
      return result.rows[0]?.any === true;
    },

    /** Ids of the shard's running paper bots. */
    async runningIds(shard: number): Promise<string[]> {
      const result = await pool.query<{ id: string }>(
        "select id from bots where shard = $1 and state = 'running' and mode = 'paper'",
        [shard],
      );
      return result.rows.map((row) => row.id);
    },
  };
}
export type BotsRepository = ReturnType<typeof createBotsRepository>;

const toBot = (row: BotRow): RunnableBot => ({
  id: row.id,
  userId: row.user_id,
  venue: row.venue,
  instruments: row.instruments,
  ruleKey: row.rule_key,
  mode: row.mode,
  stake: row.stake,
  exitPlan: row.exit_plan,
  risk: row.risk,
  state: row.state,
  shard: row.shard,
  cash: row.cash,
  startedAt: row.started_at === null ? null : Number(row.started_at),
});
