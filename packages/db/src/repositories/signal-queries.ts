import type { Signal, Venue } from '@onefeed/contracts';
import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { signals } from '../schema/index.ts';

/** Which signals; `ruleKeys` are those that the reader may see (I8). */
export interface SignalFilter {
  ruleKeys: readonly string[];
  venue?: Venue | undefined;
  instrument?: string | undefined;
}

const columns = {
  id: signals.id,
  venue: signals.venue,
  instrument: signals.instrument,
  ruleKey: signals.ruleKey,
  kind: signals.kind,
  eventTime: signals.eventTime,
  eventId: signals.eventId,
  price: signals.price,
  provenance: signals.provenance,
};

/** Signals as readers see them. */
export function createSignalQueries(db: Database) {
  return {
    /** Newest first, with ids below `before`. */
    async list(filter: SignalFilter, limit: number, before: bigint | null): Promise<Signal[]> {
      if (filter.ruleKeys.length === 0) return [];
      const rows = await db
        .select(columns)
        .from(signals)
        .where(
          and(
            inArray(signals.ruleKey, [...filter.ruleKeys]),
            filter.venue === undefined ? undefined : eq(signals.venue, filter.venue),
            filter.instrument === undefined ? undefined : eq(signals.instrument, filter.instrument),
            before === null ? undefined : lt(signals.id, before),
          ),
        )
        .orderBy(desc(signals.id))
        .limit(limit);
      return rows.map(toSignal);
    },

    async get(ruleKeys: readonly string[], id: bigint): Promise<Signal | null> {
      if (ruleKeys.length === 0) return null;
      const [row] = await db
        .select(columns)
        .from(signals)
        .where(and(eq(signals.id, id), inArray(signals.ruleKey, [...ruleKeys])));
      return row ? toSignal(row) : null;
    },

    /** All signals after a cursor, ascending, for relaying. */
    async readAfter(id: bigint, limit: number): Promise<Signal[]> {
      const rows = await db
        .select(columns)
        .from(signals)
        .where(gt(signals.id, id))
        .orderBy(asc(signals.id))
        .limit(limit);
      return rows.map(toSignal);
    },

    /** Id of the newest signal; 0 when there is none. */
    async newestId(): Promise<bigint> {
      const [row] = await db.select({ id: sql<string>`coalesce(max(${signals.id}), 0)` }).from(signals);
      return BigInt(row?.id ?? 0);
    },
  };
}
export type SignalQueries = ReturnType<typeof createSignalQueries>;

function toSignal(row: Omit<Signal, 'id'> & { id: bigint }): Signal {
  return { ...row, id: String(row.id) };
}
