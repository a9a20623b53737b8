import type { FeedTrouble, InstrumentHealth, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';
import { type Fence, withFence } from './fence.ts';

/** An instrument whose data may not be believed. `since`: venue time, ms. */
export interface TroubledInstrument {
  instrument: string;
  trouble: FeedTrouble;
  since: number;
}

/** Which instruments' data may not be believed now. Written by the leader of each venue's feed. */
export function createFeedHealthRepository(pool: Pool) {
  return {
    /** The instruments of a venue with trouble, by name. */
    async troubled(venue: Venue): Promise<TroubledInstrument[]> {
      const result = await pool.query<{ instrument: string; trouble: FeedTrouble; since: string }>(
        'select instrument, trouble, since from feed_health where venue = $1 order by instrument',
        [venue],
      );
      return result.rows.map((row) => ({ ...row, since: Number(row.since) }));
    },

    /**
     * Writes what changed; a trouble of null takes the instrument out. Instruments not named keep theirs.
     * Throws FencedOutError when the writer's term is over.
     */
    async change(fence: Fence, venue: Venue, changes: readonly InstrumentHealth[]): Promise<void> {
      if (changes.length === 0) return;
      const troubled = changes.filter((one) => one.trouble !== null);
      const healed = changes.filter((one) => one.trouble === null);
      await withFence(pool, fence, async (client) => {
        await client.query('delete from feed_health where venue = $1 and instrument = any($2)', [
          venue,
          healed.map((one) => one.instrument),
        ]);
        await client.query(
          `insert into feed_health (venue, instrument, trouble, since)
           select $1, * from unnest($2::text[], $3::text[], $4::int8[])
           on conflict (venue, instrument) do update set trouble = excluded.trouble, since = excluded.since`,
          [
            venue,
            troubled.map((one) => one.instrument),
            troubled.map((one) => one.trouble),
            troubled.map((one) => one.since),
          ],
        );
      });
    },
  };
}
export type FeedHealthRepository = ReturnType<typeof createFeedHealthRepository>;
