import type { AdminBot, AdminUser, ServiceView } from '@onefeed/contracts';
import { count, desc, eq, max, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { bots, serviceStatus, users } from '../schema/index.ts';
import { cut, isAfter, type Part, type Slice } from './keyset.ts';

export interface PlatformTotals {
  activeBots: number;
  users: number;
  openPositions: number;
  completedTrades: number;
  signals: number;
}

/** Above this many rows the planner's estimate is close enough and counting them all is not worth it. */
const ESTIMATE_ABOVE = 100_000;

/** What operators read: of all users, but nothing of their money or rules. */
export function createOperationsQueries(db: Database) {
  const countOf = async (table: string): Promise<number> => {
    const result = await db.execute<{ rows: number }>(
      sql`select greatest(reltuples, 0)::float8 as rows from pg_class where oid = ${table}::regclass`,
    );
    const estimate = result.rows[0]?.rows ?? 0;
    if (estimate > ESTIMATE_ABOVE) return Math.round(estimate);
    const exact = await db.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)}`,
    );
    return exact.rows[0]?.count ?? 0;
  };

  return {
    async activeBots(): Promise<number> {
      return db.$count(bots, eq(bots.state, 'running'));
    },

    async totals(): Promise<PlatformTotals> {
      const [activeBots, userCount, openPositions, completedTrades, signals] = await Promise.all([
        db.$count(bots, eq(bots.state, 'running')),
        countOf('users'),
        countOf('open_positions'),
        countOf('completed_trades'),
        countOf('signals'),
      ]);
      return { activeBots, users: userCount, openPositions, completedTrades, signals };
    },

    /** Every process heard of within the last day; `silent` after 10 s by the database's clock. */
    async services(): Promise<ServiceView[]> {
      const rows = await db
        .select({
          status: serviceStatus.status,
          silent: sql<boolean>`${serviceStatus.updatedAt} < now() - interval '10 seconds'`,
        })
        .from(serviceStatus)
        .where(sql`${serviceStatus.updatedAt} > now() - interval '1 day'`)
        .orderBy(serviceStatus.service, desc(serviceStatus.updatedAt))
        .limit(200);
      return rows.map((row) => ({ ...row.status, silent: row.silent }));
    },

    /** Newest first. */
    async bots(slice: Slice): Promise<Part<AdminBot>> {
      const rows = await db
        .select({
          id: bots.id,
          userId: bots.userId,
          email: users.email,
          name: bots.name,
          venue: bots.venue,
          strategyName: bots.strategyName,
          mode: bots.mode,
          state: bots.state,
          shard: bots.shard,
          signalsReceived: bots.signalsReceived,
          startedAt: bots.startedAt,
          createdAt: bots.createdAt,
          place: sql<string>`${bots.createdAt}::text`,
        })
        .from(bots)
        .innerJoin(users, eq(users.id, bots.userId))
        .where(isAfter(slice.after, bots.createdAt, bots.id))
        .orderBy(desc(bots.createdAt), desc(bots.id))
        .limit(slice.limit + 1);
      const part = cut(rows, slice.limit, (row) => ({ at: row.place, id: row.id }));
      return {
        next: part.next,
        rows: part.rows.map(({ place: _, createdAt, ...bot }) => ({
          ...bot,
          createdAt: createdAt.getTime(),
        })),
      };
    },

    /** Running bots, the longest running first, at most `limit`. */
    async runningBots(limit: number) {
      return db
        .select({
          id: bots.id,
          userId: bots.userId,
          strategyName: bots.strategyName,
          startedAt: bots.startedAt,
          signalsReceived: bots.signalsReceived,
        })
        .from(bots)
        .where(eq(bots.state, 'running'))
        .orderBy(bots.startedAt)
        .limit(limit);
    },

    /** Distinct rules of running bots, the most shared first, at most `limit`. */
    async rules(limit: number) {
      return db
        .select({
          ruleKey: bots.ruleKey,
          strategyName: sql<string>`${max(bots.strategyName)}`,
          venue: bots.venue,
          bots: count(),
        })
        .from(bots)
        .where(eq(bots.state, 'running'))
        .groupBy(bots.ruleKey, bots.venue)
        .orderBy(desc(count()), bots.ruleKey)
        .limit(limit);
    },

    /** Newest first. */
    async users(slice: Slice): Promise<Part<AdminUser>> {
      const rows = await db
        .select({
          id: users.id,
          email: users.email,
          role: users.role,
          // In text, because drizzle leaves table names out of columns when one table is selected from.
          bots: sql<number>`(select count(*)::int from bots where bots.user_id = users.id)`,
          createdAt: users.createdAt,
          place: sql<string>`${users.createdAt}::text`,
        })
        .from(users)
        .where(isAfter(slice.after, users.createdAt, users.id))
        .orderBy(desc(users.createdAt), desc(users.id))
        .limit(slice.limit + 1);
      const part = cut(rows, slice.limit, (row) => ({ at: row.place, id: row.id }));
      return {
        next: part.next,
        rows: part.rows.map(({ place: _, createdAt, ...user }) => ({
          ...user,
          createdAt: createdAt.getTime(),
        })),
      };
    },
  };
}
export type OperationsQueries = ReturnType<typeof createOperationsQueries>;
