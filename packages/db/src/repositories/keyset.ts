import { type AnyColumn, type SQL, sql } from 'drizzle-orm';

/** Where a descending list goes on: after the row with this place. Both as Postgres texts. */
export interface Keyset {
  at: string;
  id: string;
}

/** A part of a list: at most `limit` rows after `after`. */
export interface Slice {
  limit: number;
  after: Keyset | null;
}

/** Rows of a list, and where it goes on; `next` is null at its end. */
export interface Part<Row> {
  rows: Row[];
  next: Keyset | null;
}

/** Rows that come after `after` in the order (at, id) descending; undefined when there is no `after`. */
export function isAfter(after: Keyset | null, at: AnyColumn, id: AnyColumn): SQL | undefined {
  if (!after) return undefined;
  return sql`(${at}, ${id}) < (${after.at}::${sql.raw(at.getSQLType())}, ${after.id}::${sql.raw(id.getSQLType())})`;
}

/** Cuts `limit + 1` rows read to `limit`, and says where the list goes on when there was one more. */
export function cut<Row>(rows: readonly Row[], limit: number, place: (row: Row) => Keyset): Part<Row> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? place(last) : null };
}
