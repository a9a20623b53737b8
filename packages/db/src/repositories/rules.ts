import type { Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** A rule that at least one bot needs on an instrument; `instrument` is null for token strategies. */
export interface ActiveRule {
  ruleKey: string;
  source: string;
  venue: Venue;
  instrument: string | null;
}

/**
 * The strategies that must be evaluated: those of running bots, and of stopped ones that still hold something and
 * may be told to leave it. Each once, however many bots have it.
 */
export function createRulesRepository(pool: Pool) {
  return {
    /** In a stable order. */
    async active(): Promise<ActiveRule[]> {
      const result = await pool.query<ActiveRule>(
        `select rule_key as "ruleKey", min(strategy_source) as source, venue, wanted.instrument
         from bots left join lateral unnest(bots.instruments) as wanted(instrument) on true
         where state = 'running' or exists (select from open_positions where open_positions.bot_id = bots.id)
         group by rule_key, venue, wanted.instrument
         order by venue, wanted.instrument, rule_key`,
      );
      return result.rows;
    },
  };
}
export type RulesRepository = ReturnType<typeof createRulesRepository>;
