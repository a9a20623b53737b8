import type { TokenEvent, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';
import { type Fence, withFence } from './fence.ts';

/** What the engine needs to stand again where it stood: its cursors and what lies behind them. */
export function createEngineCursorsRepository(pool: Pool) {
  return {
    /**
     * The stored position of a stream. The first time there is none: `initial` is stored and returned, so that
     * a restart before the first signal goes on from the same place.
     */
    async readOrCreate(fence: Fence, stream: string, initial: () => Promise<number>): Promise<number> {
      const read = await pool.query<{ position: string }>(
        'select position from engine_cursors where stream = $1',
        [stream],
      );
      if (read.rows[0] !== undefined) return Number(read.rows[0].position);
      const position = await initial();
      await withFence(pool, fence, (client) =>
        client.query(
          'insert into engine_cursors (stream, position) values ($1, $2) on conflict (stream) do nothing',
          [stream, position],
        ),
      );
      return position;
    },

    /** The newest open time of each timeframe of a venue among candles up to `seq`. */
    async newestOpenTimes(venue: Venue, seq: number): Promise<{ timeframe: string; openTime: number }[]> {
      const result = await pool.query<{ timeframe: string; open_time: string }>(
        'select timeframe, max(open_time) as open_time from candles where venue = $1 and seq <= $2 group by timeframe',
        [venue, seq],
      );
      return result.rows.map((row) => ({ timeframe: row.timeframe, openTime: Number(row.open_time) }));
    },

    /** Tokens with an event among those up to `seq` that is at most `quietMs` older than the newest of them. */
    async liveMints(seq: number, quietMs: number): Promise<string[]> {
      const result = await pool.query<{ mint: string }>(
        `select distinct mint from token_events
         where seq <= $1 and at >= (select max(at) from token_events where seq <= $1) - $2::int8`,
        [seq, quietMs],
      );
      return result.rows.map((row) => row.mint);
    },

    /** The kept events of some tokens in (`afterSeq`, `upToSeq`], ascending, at most `limit`. */
    async tokenHistory(
      mints: readonly string[],
      afterSeq: number,
      upToSeq: number,
      limit: number,
    ): Promise<TokenEvent[]> {
      const result = await pool.query<{ seq: string; event: TokenEvent }>(
        `select seq, event from token_events
         where mint = any($1) and seq > $2 and seq <= $3 order by seq limit $4`,
        [mints, afterSeq, upToSeq, limit],
      );
      return result.rows.map((row) => ({ ...row.event, seq: Number(row.seq) }));
    },
  };
}
export type EngineCursorsRepository = ReturnType<typeof createEngineCursorsRepository>;
