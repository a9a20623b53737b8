import type { AuditEntry } from '@onefeed/contracts';
import { desc, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { auditLog } from '../schema/index.ts';
import { cut, isAfter, type Part, type Slice } from './keyset.ts';

/** Who did what. `detail` must hold no secret (I9). */
export interface AuditRecord {
  id: string;
  userId: string | null;
  action: string;
  subject: string | null;
  detail: unknown;
}

/** The log of what people did; rows are added, and deleted when they are old. */
export function createAuditRepository(db: Database) {
  return {
    async add(record: AuditRecord): Promise<void> {
      await db.insert(auditLog).values(record);
    },

    /** Deletes at most `limit` rows older than so many days; returns how many. */
    async prune(days: number, limit: number): Promise<number> {
      const result = await db.execute(sql`
        delete from audit_log where id in (
          select id from audit_log where created_at < now() - make_interval(days => ${days})
          order by created_at limit ${limit})`);
      return result.rowCount ?? 0;
    },

    /** Newest first. */
    async list(slice: Slice): Promise<Part<AuditEntry>> {
      const rows = await db
        .select({
          id: auditLog.id,
          userId: auditLog.userId,
          action: auditLog.action,
          subject: auditLog.subject,
          detail: auditLog.detail,
          createdAt: auditLog.createdAt,
          place: sql<string>`${auditLog.createdAt}::text`,
        })
        .from(auditLog)
        .where(isAfter(slice.after, auditLog.createdAt, auditLog.id))
        .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
        .limit(slice.limit + 1);
      const part = cut(rows, slice.limit, (row) => ({ at: row.place, id: row.id }));
      return {
        next: part.next,
        rows: part.rows.map(({ createdAt, place: _, ...entry }) => ({ ...entry, at: createdAt.getTime() })),
      };
    },
  };
}
export type AuditRepository = ReturnType<typeof createAuditRepository>;
