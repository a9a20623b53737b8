import type { Timeframe, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** A series whose old candles may go, and what must stay. */
export interface PrunedSeries {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
  /** Candles that open before this may go, ms of venue time. */
  beforeOpenTime: number;
  /** The newest candles that stay whatever their age. */
  keepNewest: number;
}

/** Deletes old candles in small pieces. */
export function createCandleRetentionRepository(pool: Pool) {
  return {
    /** Every stored series of a venue. Steps from key to key, so its cost does not grow with the candles. */
    async storedSeries(venue: Venue): Promise<{ instrument: string; timeframe: Timeframe }[]> {
      const result = await pool.query<{ instrument: string; timeframe: Timeframe }>(
        `with recursive series as (
           (select instrument, timeframe from candles where venue = $1 order by instrument, timeframe limit 1)
           union all
           select next.* from series cross join lateral (
             select instrument, timeframe from candles
             where venue = $1 and (instrument, timeframe) > (series.instrument, series.timeframe)
             order by instrument, timeframe limit 1
           ) as next
         )
         select instrument, timeframe from series`,
        [venue],
      );
      return result.rows;
    },

    /**
     * Deletes at most `limit` of a series' old candles, the oldest first, in one short transaction; returns how
     * many. The venue's newest seq stays, so that the numbering goes on.
     */
    async prune(series: PrunedSeries, limit: number): Promise<number> {
      const result = await pool.query(
        `with kept as (
           select open_time from candles where venue = $1 and instrument = $2 and timeframe = $3
           order by open_time desc offset $5 - 1 limit 1
         ), old as (
           select open_time from candles where venue = $1 and instrument = $2 and timeframe = $3
             and open_time < least($4::int8, (select open_time from kept))
             and exists (select 1 from kept)
             and seq < (select max(seq) from candles where venue = $1)
           order by open_time limit $6
         )
         delete from candles using old
         where venue = $1 and instrument = $2 and timeframe = $3 and candles.open_time = old.open_time`,
        [
          series.venue,
          series.instrument,
          series.timeframe,
          series.beforeOpenTime,
          Math.max(1, series.keepNewest),
          limit,
        ],
      );
      return result.rowCount ?? 0;
    },
  };
}
export type CandleRetentionRepository = ReturnType<typeof createCandleRetentionRepository>;
