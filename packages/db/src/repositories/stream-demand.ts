import type { Timeframe, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** A candle stream somebody wants. */
export interface DemandedStream {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
  /** Closed candles wanted of its history; absent: what the gateway reads anyway. */
  historyCandles?: number;
}

/** Who wants which candle streams, as leases that expire with their holder. */
export function createStreamDemandRepository(pool: Pool) {
  return {
    /**
     * Makes `streams` all that `holder` (a process instance) wants, for `ttlSeconds` from now by the
     * database's clock. Call it again before they expire, and with [] on leaving.
     */
    async renewDemand(holder: string, streams: readonly DemandedStream[], ttlSeconds: number): Promise<void> {
      await pool.query(
        `with wanted as (
           select venue, instrument, timeframe, max(history_candles) as history_candles
           from unnest($2::text[], $3::text[], $4::text[], $6::int4[])
             as t(venue, instrument, timeframe, history_candles)
           group by venue, instrument, timeframe
         ), dropped as (
           delete from stream_demand as stored where (stored.holder = $1 and not exists (
             select 1 from wanted where (wanted.venue, wanted.instrument, wanted.timeframe)
               = (stored.venue, stored.instrument, stored.timeframe)))
         )
         insert into stream_demand (holder, venue, instrument, timeframe, history_candles, expires_at)
         select $1, venue, instrument, timeframe, history_candles, now() + make_interval(secs => $5) from wanted
         on conflict (holder, venue, instrument, timeframe) do update
           set expires_at = excluded.expires_at, history_candles = excluded.history_candles`,
        [
          holder,
          streams.map((stream) => stream.venue),
          streams.map((stream) => stream.instrument),
          streams.map((stream) => stream.timeframe),
          ttlSeconds,
          streams.map((stream) => stream.historyCandles ?? 0),
        ],
      );
    },

    /** The distinct streams of unexpired leases, with how many holders want each and the longest history wanted. */
    async activeDemand(): Promise<(Required<DemandedStream> & { holders: number })[]> {
      const result = await pool.query<Required<DemandedStream> & { holders: number }>(
        `select venue, instrument, timeframe, max(history_candles) as "historyCandles", count(*)::int as holders
         from stream_demand
         where expires_at > now() group by venue, instrument, timeframe order by venue, instrument, timeframe`,
      );
      return result.rows;
    },

    /** Deletes leases that ended more than a minute ago; returns how many. */
    async pruneExpired(): Promise<number> {
      const result = await pool.query(
        "delete from stream_demand where expires_at < now() - interval '1 minute'",
      );
      return result.rowCount ?? 0;
    },
  };
}
export type StreamDemandRepository = ReturnType<typeof createStreamDemandRepository>;
