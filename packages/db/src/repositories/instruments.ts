import type { Instrument, Venue } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

interface InstrumentRow {
  venue: Venue;
  instrument: string;
  base_asset: string;
  quote_asset: string;
  tick_size: string;
  step_size: string;
  min_quantity: string;
  min_notional: string;
  tradeable: boolean;
}

/** What may be traded on each venue, as the venue last said. */
export function createInstrumentsRepository(pool: Pool) {
  return {
    /** Adds or changes instruments of one venue; rows that are equal already are not written. */
    async upsert(venue: Venue, instruments: readonly Instrument[]): Promise<void> {
      if (instruments.length === 0) return;
      await pool.query(
        `insert into instruments as stored (venue, instrument, base_asset, quote_asset, tick_size, step_size,
           min_quantity, min_notional, tradeable)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[],
           $8::numeric[], $9::boolean[])
         on conflict (venue, instrument) do update set
           base_asset = excluded.base_asset, quote_asset = excluded.quote_asset, tick_size = excluded.tick_size,
           step_size = excluded.step_size, min_quantity = excluded.min_quantity,
           min_notional = excluded.min_notional, tradeable = excluded.tradeable
         where stored is distinct from excluded`,
        [
          venue,
          instruments.map((one) => one.instrument),
          instruments.map((one) => one.baseAsset),
          instruments.map((one) => one.quoteAsset),
          instruments.map((one) => one.tickSize),
          instruments.map((one) => one.stepSize),
          instruments.map((one) => one.minQuantity),
          instruments.map((one) => one.minNotional),
          instruments.map((one) => one.tradeable),
        ],
      );
    },

    /** All instruments, or those of one venue, by name. */
    async list(venue?: Venue): Promise<Instrument[]> {
      const result = await pool.query<InstrumentRow>(
        'select * from instruments where $1::text is null or venue = $1 order by venue, instrument',
        [venue ?? null],
      );
      return result.rows.map(toInstrument);
    },

    /** The instruments of a venue with these names; unknown names are absent from the answer. */
    async getMany(venue: Venue, names: readonly string[]): Promise<Instrument[]> {
      const result = await pool.query<InstrumentRow>(
        'select * from instruments where venue = $1 and instrument = any($2) order by instrument',
        [venue, names],
      );
      return result.rows.map(toInstrument);
    },
  };
}
export type InstrumentsRepository = ReturnType<typeof createInstrumentsRepository>;

function toInstrument(row: InstrumentRow): Instrument {
  return {
    venue: row.venue,
    instrument: row.instrument,
    baseAsset: row.base_asset,
    quoteAsset: row.quote_asset,
    tickSize: row.tick_size,
    stepSize: row.step_size,
    minQuantity: row.min_quantity,
    minNotional: row.min_notional,
    tradeable: row.tradeable,
  };
}
