import type { Signal, SignalDraft } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';
import { type Fence, withFence } from './fence.ts';

/** How far a stream has been read. */
export interface StreamPosition {
  stream: string;
  position: number;
}

/** Serialises writers of signals, so that ids commit in their order whatever stream they come from. */
const LOCK = "select pg_advisory_xact_lock(hashtextextended('onefeed.signals', 0))";

/** Signals that are stored already, and repeats within the batch, get no id; the others the next ones. */
const STORE = `
  with given as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int8[], $6::text[], $7::numeric[],
      $8::jsonb[]) with ordinality
      as t(venue, instrument, rule_key, kind, event_time, event_id, price, provenance, place)
  ), news as (
    select distinct on (venue, instrument, rule_key, kind, event_time, event_id) given.* from given
    where not exists (
      select 1 from signals as stored
      where (stored.venue, stored.instrument, stored.rule_key, stored.kind, stored.event_time, stored.event_id)
        = (given.venue, given.instrument, given.rule_key, given.kind, given.event_time, given.event_id))
    order by venue, instrument, rule_key, kind, event_time, event_id, place
  ), last as (
    select coalesce(max(id), 0) as id from signals
  )
  insert into signals (id, venue, instrument, rule_key, kind, event_time, event_id, price, provenance)
  select last.id + row_number() over (order by place), venue, instrument, rule_key, kind, event_time, event_id,
    price, provenance
  from news, last
  on conflict do nothing
  returning id, venue, instrument, rule_key, kind, event_time, event_id, price, provenance`;

const MOVE_CURSOR = `
  insert into engine_cursors (stream, position) values ($1, $2)
  on conflict (stream) do update set position = greatest(engine_cursors.position, excluded.position)`;

interface SignalRow {
  id: string;
  venue: Signal['venue'];
  instrument: string;
  rule_key: string;
  kind: Signal['kind'];
  event_time: string;
  event_id: string;
  price: string;
  provenance: Signal['provenance'];
}

/** The writing side of signals. */
export function createSignalsRepository(pool: Pool) {
  return {
    /**
     * Stores signals and moves the cursor of the stream they came from in one transaction (I3): either both
     * happened or neither. Ids go on from the newest without gaps. Returns the signals that were new, ascending
     * by id. Throws FencedOutError when the writer's term is over.
     */
    async store(fence: Fence, cursor: StreamPosition, drafts: readonly SignalDraft[]): Promise<Signal[]> {
      return withFence(pool, fence, async (client) => {
        await client.query(MOVE_CURSOR, [cursor.stream, cursor.position]);
        if (drafts.length === 0) return [];
        await client.query(LOCK);
        const result = await client.query<SignalRow>(STORE, [
          drafts.map((draft) => draft.venue),
          drafts.map((draft) => draft.instrument),
          drafts.map((draft) => draft.ruleKey),
          drafts.map((draft) => draft.kind),
          drafts.map((draft) => draft.eventTime),
          drafts.map((draft) => draft.eventId),
          drafts.map((draft) => draft.price),
          drafts.map((draft) => JSON.stringify(draft.provenance)),
        ]);
        const signals = result.rows.map(toSignal);
        return signals.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      });
    },

    /** How many signals there are; ids have no gaps, so it is the newest one's. */
    async count(): Promise<number> {
      const result = await pool.query<{ newest: string }>(
        'select coalesce(max(id), 0) as newest from signals',
      );
      return Number(result.rows[0]?.newest ?? 0);
    },
  };
}
export type SignalsRepository = ReturnType<typeof createSignalsRepository>;

function toSignal(row: SignalRow): Signal {
  return {
    id: row.id,
    venue: row.venue,
    instrument: row.instrument,
    ruleKey: row.rule_key,
    kind: row.kind,
    eventTime: Number(row.event_time),
    eventId: row.event_id,
    price: row.price,
    provenance: row.provenance,
  };
}
