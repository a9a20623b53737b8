import type { Timeframe, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';
import type { CandleSeries } from './candles.ts';
import { type Fence, withFence } from './fence.ts';

/** Open times that a venue's history does not have; both ends missing, ms. */
export interface CandleHole extends CandleSeries {
  fromOpenTime: number;
  toOpenTime: number;
}

interface HoleRow {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
  from_open_time: string;
  to_open_time: string;
  confirmed: boolean;
}

/** Holes that venues really have. Written by the leader of the venue's feed. */
export function createCandleHolesRepository(pool: Pool) {
  return {
    /** Records holes; one that begins where a recorded one does replaces it. Throws FencedOutError. */
    async record(fence: Fence, holes: readonly CandleHole[]): Promise<void> {
      if (holes.length === 0) return;
      await withFence(pool, fence, async (client) => {
        await client.query(
          `insert into candle_holes (venue, instrument, timeframe, from_open_time, to_open_time)
           select distinct on (venue, instrument, timeframe, from_open_time) *
           from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[])
             as given(venue, instrument, timeframe, from_open_time, to_open_time)
           on conflict (venue, instrument, timeframe, from_open_time) do update set to_open_time = excluded.to_open_time`,
          [
            holes.map((hole) => hole.venue),
            holes.map((hole) => hole.instrument),
            holes.map((hole) => hole.timeframe),
            holes.map((hole) => hole.fromOpenTime),
            holes.map((hole) => hole.toOpenTime),
          ],
        );
      });
    },

    /** A second reading found the hole again. */
    async confirm(fence: Fence, hole: CandleHole): Promise<void> {
      await withFence(pool, fence, async (client) => {
        await client.query(
          `update candle_holes set confirmed_at = coalesce(confirmed_at, now())
           where venue = $1 and instrument = $2 and timeframe = $3 and from_open_time = $4`,
          [hole.venue, hole.instrument, hole.timeframe, hole.fromOpenTime],
        );
      });
    },

    /** The hole is no more: the venue has its candles after all, or what remains of it is recorded anew. */
    async remove(fence: Fence, hole: CandleHole): Promise<void> {
      await withFence(pool, fence, async (client) => {
        await client.query(
          `delete from candle_holes
           where venue = $1 and instrument = $2 and timeframe = $3 and from_open_time = $4`,
          [hole.venue, hole.instrument, hole.timeframe, hole.fromOpenTime],
        );
      });
    },

    /** Holes of a venue by series and time, at most `limit`; only those not confirmed yet when asked so. */
    async list(
      venue: Venue,
      options: { unconfirmedOnly: boolean; limit: number },
    ): Promise<(CandleHole & { confirmed: boolean })[]> {
      const result = await pool.query<HoleRow>(
        `select venue, instrument, timeframe, from_open_time, to_open_time, confirmed_at is not null as confirmed
         from candle_holes where venue = $1 and (not $2 or confirmed_at is null)
         order by instrument, timeframe, from_open_time limit $3`,
        [venue, options.unconfirmedOnly, options.limit],
      );
      return result.rows.map((row) => ({
        venue: row.venue,
        instrument: row.instrument,
        timeframe: row.timeframe,
        fromOpenTime: Number(row.from_open_time),
        toOpenTime: Number(row.to_open_time),
        confirmed: row.confirmed,
      }));
    },
  };
}
export type CandleHolesRepository = ReturnType<typeof createCandleHolesRepository>;
