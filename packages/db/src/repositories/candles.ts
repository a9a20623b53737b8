import type { Candle, StoredCandle, Timeframe, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';
import { type Fence, withFence } from './fence.ts';

/**
 * Where candles come from decides what happens to a bar that is already stored with other numbers: `history`
 * (the venue's REST answer) replaces it, `live` (a final frame) leaves it.
 */
export type CandleSource = 'history' | 'live';

/** Key of a series of candles. */
export interface CandleSeries {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
}

interface CandleRow {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
  open_time: string;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
  quote_volume: string;
  trades: number;
  seq: string;
}

const COLUMNS =
  'venue, instrument, timeframe, open_time, open, high, low, close, volume, quote_volume, trades, seq';

/**
 * Rows that are new, or differ and may be replaced, get the next numbers in the order given; rows that are
 * stored already get none. `numeric` keeps the scale of the text, so the venue's digits come back unchanged.
 */
const STORE = `
  with given as (
    select * from unnest($2::text[], $3::text[], $4::int8[], $5::numeric[], $6::numeric[], $7::numeric[],
      $8::numeric[], $9::numeric[], $10::numeric[], $11::int4[]) with ordinality
      as t(instrument, timeframe, open_time, open, high, low, close, volume, quote_volume, trades, place)
  ), news as (
    select given.* from given
    left join candles as stored on stored.venue = $1 and stored.instrument = given.instrument
      and stored.timeframe = given.timeframe and stored.open_time = given.open_time
    where stored.seq is null or ($12 and
      (stored.open, stored.high, stored.low, stored.close, stored.volume, stored.quote_volume, stored.trades)
      is distinct from
      (given.open, given.high, given.low, given.close, given.volume, given.quote_volume, given.trades))
  ), last as (
    select coalesce(max(seq), 0) as seq from candles where venue = $1
  ), stored as (
    insert into candles (${COLUMNS})
    select $1, instrument, timeframe, open_time, open, high, low, close, volume, quote_volume, trades,
      last.seq + row_number() over (order by place)
    from news, last
    on conflict (venue, instrument, timeframe, open_time) do update set
      open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
      volume = excluded.volume, quote_volume = excluded.quote_volume, trades = excluded.trades, seq = excluded.seq
    returning ${COLUMNS}
  )
  select * from stored order by seq`;

/** Closed candles of all venues, numbered per venue in commit order. */
export function createCandlesRepository(pool: Pool) {
  return {
    /**
     * Stores closed candles of one venue in one transaction, numbered in the order given, and returns only
     * those that were new or corrected. Repeating a call stores nothing. Throws FencedOutError when the
     * writer's term is over.
     */
    async storeClosed(
      fence: Fence,
      venue: Venue,
      candles: readonly Candle[],
      source: CandleSource,
    ): Promise<StoredCandle[]> {
      const given = lastOfEachKey(candles);
      if (given.length === 0) return [];
      return withFence(pool, fence, async (client) => {
        const result = await client.query<CandleRow>(STORE, [
          venue,
          given.map((candle) => candle.instrument),
          given.map((candle) => candle.timeframe),
          given.map((candle) => candle.openTime),
          given.map((candle) => candle.open),
          given.map((candle) => candle.high),
          given.map((candle) => candle.low),
          given.map((candle) => candle.close),
          given.map((candle) => candle.volume),
          given.map((candle) => candle.quoteVolume),
          given.map((candle) => candle.trades),
          source === 'history',
        ]);
        return result.rows.map(toStoredCandle);
      });
    },

    /** Candles of a venue after a cursor, ascending by seq. */
    async readAfterSeq(venue: Venue, seq: number | bigint, limit: number): Promise<StoredCandle[]> {
      const result = await pool.query<CandleRow>(
        `select ${COLUMNS} from candles where venue = $1 and seq > $2 order by seq limit $3`,
        [venue, String(seq), limit],
      );
      return result.rows.map(toStoredCandle);
    },

    /** The newest `limit` candles of a series (before `beforeOpenTime`, exclusive, in ms), ascending by open time. */
    async latest(series: CandleSeries, limit: number, beforeOpenTime?: number): Promise<StoredCandle[]> {
      const result = await pool.query<CandleRow>(
        `select ${COLUMNS} from candles
         where venue = $1 and instrument = $2 and timeframe = $3 and ($4::int8 is null or open_time < $4)
         order by open_time desc limit $5`,
        [series.venue, series.instrument, series.timeframe, beforeOpenTime ?? null, limit],
      );
      return result.rows.reverse().map(toStoredCandle);
    },

    /** How many of the newest `upTo` candles of a series there are, and when the oldest of those opens. */
    async depth(
      series: CandleSeries,
      upTo: number,
    ): Promise<{ count: number; oldestOpenTime: number | null }> {
      const result = await pool.query<{ count: number; oldest: string | null }>(
        `select count(*)::int as count, min(open_time) as oldest from (
           select open_time from candles where venue = $1 and instrument = $2 and timeframe = $3
           order by open_time desc limit $4
         ) as newest`,
        [series.venue, series.instrument, series.timeframe, upTo],
      );
      const { count = 0, oldest = null } = result.rows[0] ?? {};
      return { count, oldestOpenTime: oldest === null ? null : Number(oldest) };
    },

    /** Open time of the newest candle of each series that has one. */
    async lastOpenTimes(
      venue: Venue,
      series: readonly Pick<CandleSeries, 'instrument' | 'timeframe'>[],
    ): Promise<{ instrument: string; timeframe: Timeframe; openTime: number }[]> {
      const result = await pool.query<{ instrument: string; timeframe: Timeframe; open_time: string }>(
        `select wanted.instrument, wanted.timeframe, newest.open_time
         from unnest($2::text[], $3::text[]) as wanted(instrument, timeframe)
         cross join lateral (
           select open_time from candles
           where venue = $1 and instrument = wanted.instrument and timeframe = wanted.timeframe
           order by open_time desc limit 1
         ) as newest`,
        [venue, series.map((one) => one.instrument), series.map((one) => one.timeframe)],
      );
      return result.rows.map((row) => ({
        instrument: row.instrument,
        timeframe: row.timeframe,
        openTime: Number(row.open_time),
      }));
    },

    /** seq of the newest candle of a venue; 0 when there is none. */
    async newestSeq(venue: Venue): Promise<number> {
      const result = await pool.query<{ seq: string }>(
        'select coalesce(max(seq), 0) as seq from candles where venue = $1',
        [venue],
      );
      return Number(result.rows[0]?.seq ?? 0);
    },
  };
}
export type CandlesRepository = ReturnType<typeof createCandlesRepository>;

/** One statement may not touch a row twice: of equal keys the last given counts. */
function lastOfEachKey(candles: readonly Candle[]): Candle[] {
  const byKey = new Map<string, Candle>();
  for (const candle of candles) {
    const key = `${candle.instrument} ${candle.timeframe} ${candle.openTime}`;
    byKey.delete(key);
    byKey.set(key, candle);
  }
  return [...byKey.values()];
}

function toStoredCandle(row: CandleRow): StoredCandle {
  return {
    venue: row.venue,
    instrument: row.instrument,
    timeframe: row.timeframe,
    openTime: Number(row.open_time),
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volume: row.volume,
    quoteVolume: row.quote_volume,
    trades: row.trades,
    closed: true,
    seq: Number(row.seq),
  };
}
