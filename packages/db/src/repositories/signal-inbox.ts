import type { Signal } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** A signal and when it was stored (wall clock, ms): a bot sees only those stored after its start. */
export type ReceivedSignal = Signal & { storedAt: number };

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
  stored_at: string;
}

/** Signals as the bots' process follows them. */
export function createSignalInbox(pool: Pool) {
  return {
    /** Signals with greater ids, ascending. */
    async readAfter(id: bigint, limit: number): Promise<ReceivedSignal[]> {
      const result = await pool.query<SignalRow>(
        `select id, venue, instrument, rule_key, kind, event_time, event_id, price, provenance,
           floor(extract(epoch from created_at) * 1000)::int8 as stored_at
         from signals where id > $1 order by id limit $2`,
        [String(id), limit],
      );
      return result.rows.map((row) => ({
        id: row.id,
        venue: row.venue,
        instrument: row.instrument,
        ruleKey: row.rule_key,
        kind: row.kind,
        eventTime: Number(row.event_time),
        eventId: row.event_id,
        price: row.price,
        provenance: row.provenance,
        storedAt: Number(row.stored_at),
      }));
    },
  };
}
export type SignalInbox = ReturnType<typeof createSignalInbox>;
