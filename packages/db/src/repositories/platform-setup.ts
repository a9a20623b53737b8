import { eq, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { users } from '../schema/index.ts';
import type { NewBot } from './bot-settings.ts';

/** A bot with an owner that exists for it alone. Nobody can log in as the owner. */
export interface DemoBot extends NewBot {
  email: string;
}

/** A hash that no password has: the login of a demo user always fails. */
const UNUSABLE_PASSWORD_HASH = '!';

/** What the start of a platform asks and fills in before its services run. */
export function createPlatformSetupRepository(db: Database) {
  return {
    async hasAdmin(): Promise<boolean> {
      return (await db.$count(users, eq(users.role, 'admin'))) > 0;
    },

    /**
     * Adds users and running bots in one transaction of two statements. Those that exist (the same ids) keep
     * their money and trades; a stopped one runs again. `at`: ms, the start time.
     */
    async addDemoBots(demoBots: readonly DemoBot[], at: number): Promise<void> {
      const rows = JSON.stringify(demoBots);
      await db.transaction(async (tx) => {
        await tx.execute(sql`
          insert into users (id, email, password_hash, role)
          select "userId", email, ${UNUSABLE_PASSWORD_HASH}, 'user'
          from jsonb_to_recordset(${rows}::jsonb) as bot ("userId" uuid, email text)
          on conflict do nothing`);
        await tx.execute(sql`
          insert into bots (id, user_id, name, venue, instruments, strategy_name, strategy_source, rule_key, mode,
            stake, exit_plan, risk, state, shard, cash, initial_cash, started_at)
          select id, "userId", name, venue, instruments, "strategyName", "strategySource", "ruleKey", mode,
            stake, "exitPlan", risk, 'running', shard, "initialCash", "initialCash", ${at}::bigint
          from jsonb_to_recordset(${rows}::jsonb) as bot (id uuid, "userId" uuid, name text, venue text,
            instruments text[], "strategyName" text, "strategySource" text, "ruleKey" text, mode text,
            stake jsonb, "exitPlan" jsonb, risk jsonb, shard int, "initialCash" numeric)
          on conflict (id) do update set state = 'running', started_at = excluded.started_at
          where bots.state <> 'running'`);
      });
    },
  };
}
